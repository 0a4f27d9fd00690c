import { describe, expect, it } from "vitest";
import { FoldedRow } from "../../../../src/merge/post-log/fold-actions.js";
import type { LogAction } from "../../../../src/model/post-log.js";
import type { Operation, Row } from "../../../../src/model/value.js";
import { tableOf } from "../../tables.js";

const note = tableOf("note", ["id", "title", "constructor"]);

type Said = Partial<Pick<LogAction, "after" | "before" | "actor">>;

/** What became of the row, and the problems on the way. */
function fold(pre: Row | undefined, ...steps: readonly (readonly [Operation, Said])[]) {
  const row = new FoldedRow(note, ["1"], pre);
  const problems = steps.flatMap(([operation, said], at) => {
    const rest = {
      sequence: `${at}`,
      time: undefined,
      actor: undefined,
      tenant: undefined,
      table: 0,
      key: ["1"],
    };
    const problem = row.take({ ...rest, line: at + 1, operation, after: {}, before: {}, ...said });
    return problem === undefined ? [] : [[problem.kind, problem.action.line, problem.columns]];
  });
  const { operation, post, actor } = row.difference() ?? {};
  return { operation, post, actor, problems };
}

const whole = { id: "1", title: "a", constructor: "x" };
const pre: Row = ["1", "a", "x"];

describe("FoldedRow", () => {
  it("keeps the last state, and who touched the row last", () => {
    expect(
      fold(
        pre,
        ["update", { after: { title: "b" }, actor: "ada" }],
        ["update", { after: { constructor: null } }],
      ),
    ).toEqual({ operation: "update", post: ["1", "b", null], actor: "ada", problems: [] });
  });

  it("what comes back to what it was is no difference", () => {
    const there = fold(pre, ["update", { after: { title: "b" } }], ["update", { after: { title: "a" } }]);
    expect(there.operation).toBeUndefined();
    expect(fold(undefined, ["insert", { after: whole }], ["delete", {}]).operation).toBeUndefined();
    expect(fold(pre, ["delete", {}], ["insert", { after: whole }]).operation).toBeUndefined();
  });

  it("an action on what is not there is named, and does nothing", () => {
    expect(fold(undefined, ["update", { after: { title: "b" } }], ["delete", {}])).toMatchObject({
      operation: undefined,
      problems: [
        ["missing", 1, {}],
        ["missing", 2, {}],
      ],
    });
    expect(fold(pre, ["delete", {}], ["update", { after: whole }])).toMatchObject({
      operation: "delete",
      problems: [["missing", 2, {}]],
    });
  });

  it("what the log says was there, and is not, is named with both; the action counts", () => {
    expect(fold(pre, ["update", { after: { title: "c" }, before: { title: "b", id: "1" } }])).toMatchObject({
      post: ["1", "c", "x"],
      problems: [["contradiction", 1, { title: { log: "b", found: "a" } }]],
    });
  });

  it("an insert where another row is: neither that nor what follows is replayed", () => {
    expect(fold(pre, ["insert", { after: { ...whole, title: "z" } }], ["delete", {}])).toMatchObject({
      operation: undefined,
      problems: [
        ["exists", 1, { title: { log: "z", found: "a" } }],
        ["exists", 2, {}],
      ],
    });
    expect(fold(pre, ["insert", { after: whole }]).problems).toEqual([]);
  });
});
