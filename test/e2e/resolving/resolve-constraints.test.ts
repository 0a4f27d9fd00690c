import { describe, expect, test } from "vitest";
import { copyOf, filesOf, resolve, resolved } from "../../support/decide.js";
import { makePlan, play, readLines } from "../../support/incident.js";
import { expectRecovery } from "../../support/recovery.js";

/** Each device met another constraint when it was to come back, and the key says which. */
const databases = await play({
  pre: `CREATE TABLE account (id integer PRIMARY KEY);
    CREATE TABLE device (id text PRIMARY KEY, account integer REFERENCES account, serial integer UNIQUE, note text,
      name varchar(8), span int4range, EXCLUDE USING gist (span WITH &&));
    INSERT INTO account VALUES (1), (2);
    INSERT INTO device VALUES ('foreign-key', 2, 1, 'fine', 'a', NULL), ('unique', 1, 2, 'fine', 'b', NULL),
      ('check', 1, 3, 'bad', 'c', NULL), ('not-null', 1, 4, NULL, 'd', NULL), ('exclusion', 1, 5, 'fine', 'e', '[1,5)');
    CREATE TABLE part (id integer PRIMARY KEY, device text REFERENCES device);
    INSERT INTO part VALUES (1, 'foreign-key')`,
  post: "DELETE FROM part; DELETE FROM device",
  current: `DELETE FROM account WHERE id = 2;
    ALTER TABLE device ADD CHECK (note <> 'bad'), ALTER note SET NOT NULL;
    INSERT INTO device VALUES ('other', 1, 2, 'fine', 'f', '[3,9)')`,
});
const planned = await makePlan(databases);

const insert = (id: string, account: string, serial: string, note: string, name: string, span = "NULL") =>
  `INSERT INTO device VALUES ('${id}', ${account}, ${serial}, '${note}', '${name}', ${span})`;

test("each is a conflict of its own kind, and withholds what refers to it", () => {
  expect(planned.summary.totals).toMatchObject({ conflict: 6, open: 6, apply: 0 });
  const lines = readLines(planned.folder, "conflicts.jsonl");
  expect(lines.map(({ kind, key }) => [kind, (key as { id: string }).id])).toEqual([
    ["check", "check"],
    ["exclusion", "exclusion"],
    ["foreign-key", "foreign-key"],
    ["not-null", "not-null"],
    ["unique", "unique"],
    ["foreign-key", "1"],
  ]);
});

const kinds = ["foreign-key", "unique", "check", "not-null", "exclusion"];

test("current: the row is kept out, and what refers to it stays in conflict", async () => {
  const plan = copyOf(planned);
  const summary = await resolved(databases, plan, [
    "--table",
    "device",
    "--take",
    "current",
    "--reason",
    "gone",
  ]);
  expect(summary.totals).toMatchObject({ conflict: 1, open: 1, kept: 5, decided: 5, apply: 0 });
  const lines = readLines(plan.folder, "conflicts.jsonl");
  const before = readLines(planned.folder, "conflicts.jsonl");
  // They still say which constraint it was, and why.
  for (const [at, line] of lines.entries()) {
    if (line["table"] === "public.part") {
      expect(line).toMatchObject({ kind: "foreign-key", resolution: null });
      expect(line["cause"]).toContain('it refers to public.device {"id":"foreign-key"}');
    } else expect(line).toEqual({ ...before[at], resolution: "current", reason: "gone" });
  }
  await expectRecovery(databases, plan, { truth: "" });
});

test("base: it is as if the row were not there", async () => {
  const plan = copyOf(planned);
  const summary = await resolved(databases, plan, ["--table", "*", "--take", "base"]);
  expect(summary.totals).toMatchObject({ open: 0, kept: 6, decided: 6, apply: 0 });
});

test("incoming: it is tried again, and stays in conflict, with a word on that", async () => {
  const plan = copyOf(planned);
  const run = await resolve(databases, plan, ["--table", "*", "--take", "incoming", "--reason", "needed"]);
  expect(run.exitCode).toBe(3);
  const lines = readLines(plan.folder, "conflicts.jsonl");
  const before = readLines(planned.folder, "conflicts.jsonl");
  const reason = "decided by ann: needed (incoming), but the constraint still does not hold";
  expect(lines).toEqual(before.map((line) => ({ ...line, reason })));
  await expectRecovery(databases, plan, { truth: "" });
});

describe("value: the row is checked again with it", () => {
  const values: Readonly<Record<string, readonly [string, string]>> = {
    "foreign-key": ['account="1"', insert("foreign-key", "1", "1", "fine", "a")],
    unique: ['serial="20"', insert("unique", "1", "20", "fine", "b")],
    check: ['note="good"', insert("check", "1", "3", "good", "c")],
    "not-null": ['note=""', insert("not-null", "1", "4", "", "d")],
    exclusion: ['span="[0,3)"', insert("exclusion", "1", "5", "fine", "e", "'[0,3)'")],
  };

  test("and comes back, with what refers to it", async () => {
    const plan = copyOf(planned);
    for (const kind of kinds)
      await resolved(databases, plan, [
        ...["--kind", kind, "--table", "device"],
        ...["--value", (values[kind] as readonly string[])[0] as string],
      ]);
    const summary = await resolved(databases, plan, []);
    expect(summary.totals).toMatchObject({ open: 0, decided: 5, apply: 6 });
    const device = kinds.map((kind) => values[kind]?.[1]);
    await expectRecovery(databases, plan, {
      truth: [...device, "INSERT INTO part VALUES (1, 'foreign-key')"].join("; "),
    });
    const [line] = readLines(plan.folder, "conflicts.jsonl");
    expect(line).toMatchObject({ kind: "check", resolution: "value" });
  });

  test("and stays in conflict where it is no better", async () => {
    const plan = copyOf(planned);
    const summary = await resolved(databases, plan, ["--kind", "unique", "--value", 'serial="3"']);
    // Two that arrive want it now: the first of the plan has it, which is itself withheld by a check.
    expect(summary.totals).toMatchObject({ decided: 1, open: 5 });
    const worse = await resolved(databases, plan, ["--kind", "exclusion", "--value", 'span="[4,5)"']);
    expect(worse.totals).toMatchObject({ decided: 1, open: 5 });
    const lines = readLines(plan.folder, "conflicts.jsonl");
    expect(lines.find(({ kind }) => kind === "exclusion")).toMatchObject({
      resolution: null,
      reason: "decided by ann (value), but the constraint still does not hold",
    });
  });

  test("and a row that meets one constraint after the other keeps what was given before", async () => {
    const plan = copyOf(planned);
    await resolved(databases, plan, ["--kind", "check", "--value", 'serial="2"']);
    await resolved(databases, plan, ["--kind", "check", "--value", 'note="good"']);
    const lines = readLines(plan.folder, "conflicts.jsonl");
    expect(lines.find(({ key }) => (key as { id: string }).id === "check")).toMatchObject({ kind: "unique" });
  });
});

test("what is withdrawn is in conflict as before, to the byte", async () => {
  const plan = copyOf(planned);
  await resolved(databases, plan, ["--table", "*", "--take", "current"]);
  await resolved(databases, plan, ["--table", "*", "--reopen"]);
  expect(filesOf(plan)).toEqual(filesOf(planned));
});

test("the order in which decisions are taken makes no difference", async () => {
  const [one, other] = [copyOf(planned), copyOf(planned)];
  const steps = [
    ["--kind", "foreign-key", "--table", "device", "--value", 'account="1"'],
    ["--kind", "unique", "--take", "current"],
    ["--kind", "foreign-key", "--table", "part", "--take", "current"],
    ["--kind", "check", "--take", "incoming"],
  ];
  const ids = readLines(planned.folder, "conflicts.jsonl");
  const part = ids.find(({ table }) => table === "public.part")?.["conflict"] as string;
  for (const words of steps.slice(0, 2)) await resolved(databases, one, words);
  // By then nothing stands in its way any more, but it is decided by name.
  await resolved(databases, other, ["--conflict", part, "--take", "current"]);
  await resolved(databases, other, steps[0] as string[]);
  await resolved(databases, other, steps[3] as string[]);
  await resolved(databases, other, steps[1] as string[]);
  await resolved(databases, one, steps[3] as string[]);
  const run = await resolve(databases, one, ["--conflict", part, "--take", "current"]);
  // Where it is no conflict any more, there is nothing to be decided.
  expect(run).toMatchObject({ exitCode: 2 });
  expect(run.stderr).toContain(`--conflict ${part}: there is no such conflict in the plan`);
  await resolved(databases, other, ["--conflict", part, "--reopen"]);
  expect(filesOf(other)).toEqual(filesOf(one));
});
