import { describe, expect, it } from "vitest";
import { exitCodeOf } from "../../../cli/exit-codes.js";
import { errorText } from "../../../cli/show-error.js";
import {
  ConnectionError,
  InterruptedError,
  PlanError,
  QueryError,
  SchemaMismatchError,
  StrategyError,
  UsageError,
} from "../../../src/index.js";

const fault = (code: string, path?: string) => Object.assign(new Error(`${code}: syscall`), { code, path });

describe("what a person reads", () => {
  it.each<[string, unknown, string]>([
    [
      "every mistake on its own line, with its place, then what helps",
      new UsageError(
        [
          { where: "--mode", what: '"sideways" is none of undo, replay' },
          { where: "pgmend.yaml:4:5 rules[0].is", what: "expected one of damage, legitimate, excluded" },
        ],
        "pgmend plan --help shows every flag",
      ),
      `error: --mode: "sideways" is none of undo, replay
error: pgmend.yaml:4:5 rules[0].is: expected one of damage, legitimate, excluded
hint: pgmend plan --help shows every flag
`,
    ],
    [
      "no hint where there is none",
      new UsageError([{ where: "--out recovery", what: "is a file, not a folder" }]),
      "error: --out recovery: is a file, not a folder\n",
    ],
    [
      "a clear sentence and a hint",
      new ConnectionError("current", "cannot connect to current (db1:5432)", {
        hint: "is the server running?",
      }),
      "error: cannot connect to current (db1:5432)\nhint: is the server running?\n",
    ],
    [
      "a file that may not be written",
      fault("EACCES", "/srv/recovery"),
      "error: /srv/recovery: permission denied\nhint: choose another folder with --out\n",
    ],
    [
      "a full disk, even without its path",
      fault("ENOSPC"),
      "error: a file: no space left on the device\nhint: choose another folder with --out\n",
    ],
  ])("%s", (_, error, text) => {
    expect(errorText(error)).toBe(text);
  });

  it("several errors are told one after the other", () => {
    const both = new AggregateError([
      new PlanError("the plan is in use"),
      new QueryError("division by zero"),
    ]);
    expect(errorText(both)).toBe("error: the plan is in use\nerror: division by zero\n");
  });

  it.each([
    new ConnectionError("pre", "no route"),
    new SchemaMismatchError("no route"),
    new StrategyError("no route"),
    new PlanError("no route"),
    new QueryError("no route"),
  ])("no stack trace for what is not our fault: $name", (error) => {
    expect(errorText(error)).toBe("error: no route\n");
  });

  it("a fault of ours says where it happened, and that it is one", () => {
    const text = errorText(new TypeError("row is undefined"));
    expect(text).toMatch(/^error: TypeError: row is undefined\n +at /);
    expect(text).toMatch(/\nhint: this is a bug in pgmend; please report it\n$/);
  });

  it.each([null, undefined, "a word", 7])("whatever was thrown (%j) is told", (thrown) => {
    expect(errorText(thrown)).toBe(`error: ${thrown}\nhint: this is a bug in pgmend; please report it\n`);
  });

  it("a message from a server cannot drive the terminal", () => {
    const text = errorText(
      new QueryError("relation \u001b[2J\u202e does not exist", { hint: "\u001b]0;x\u0007" }),
    );
    expect(text).toBe("error: relation \\u001b[2J\\u202e does not exist\nhint: \\u001b]0;x\\u0007\n");
  });
});

it.each<[unknown, number]>([
  [new UsageError([]), 2],
  [new InterruptedError(), 130],
  [new ConnectionError("post", "gone"), 1],
  [new PlanError("broken"), 1],
  [new Error("ours"), 1],
  [null, 1],
])("%s ends with the exit code of the contract", (error, code) => {
  expect(exitCodeOf(error)).toBe(code);
});
