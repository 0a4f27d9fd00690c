import { describe, expect, it } from "vitest";
import type { Row } from "../../../src/model/value.js";
import { column, device, deviceTable, tableOf } from "../tables.js";
import { bodyOf, head, patchText, statement, stepOf, trigger, updateOf } from "./patches.js";

const lines = (text: string) => text.split("\n");

describe("the frame", () => {
  it("is one transaction, with all of psql's own commands above it", async () => {
    const patch = await patchText([updateOf({}, { owner: "eve" })]);
    expect(patch.match(/^BEGIN\b.*;$/gm)).toHaveLength(1);
    expect(patch.match(/^COMMIT;$/gm)).toHaveLength(1);
    expect(patch.endsWith("COMMIT;\n")).toBe(true);
    expect(patch).toMatch(/^\\set ON_ERROR_STOP on$/m);
    expect(lines(bodyOf(patch)).filter((line) => line.startsWith("\\"))).toEqual([]);
  });

  it("begins with what a person has to know", async () => {
    const patch = await patchText([], {
      head: { ...head, leftOut: ["public.invoice: 3 in conflict (update/update)"] },
    });
    const comments = lines(patch.slice(0, patch.indexOf("\\set"))).filter((line) => line !== "");
    expect(comments.every((line) => line.startsWith("--"))).toBe(true);
    for (const told of [
      head.planId,
      "mode undo",
      "public.device: 1 update",
      "public.invoice: 3 in conflict",
      "fleet on db1:5432",
    ]) {
      expect(comments.join("\n")).toContain(told);
    }
  });

  it("is bound to the database it was made for, and to its cluster where that is known", async () => {
    expect(await patchText([])).toContain(String.raw`\set pgmend_database 'fleet@7123456789012345678'`);
    const somewhere = { ...head, database: "o'brien\\fleet", systemIdentifier: undefined };
    expect(await patchText([], { head: somewhere })).toContain(
      String.raw`\set pgmend_database 'o''brien\\fleet'`,
    );
  });

  it("without steps writes nothing", async () => {
    expect(await patchText([])).not.toMatch(/\b(UPDATE|DELETE FROM|INSERT INTO) (ONLY )?public\./);
  });
});

describe("an update", () => {
  it("writes the columns of its step and no others", async () => {
    const patch = await patchText([updateOf({ label: "torch" }, { owner: null, ends_at: "2024-04-30" })]);
    const update = statement(patch, "WITH written AS (\n  UPDATE ONLY public.device");
    const set = /SET (.*?)\n {2}FROM/s.exec(update)?.[1] ?? "";
    expect([...set.matchAll(/^ *(\w+) = /gm)].map(([, name]) => name)).toEqual(["owner", "ends_at"]);
    expect(patch).not.toContain("torch");
  });

  it("is guarded by the key and by what it expects, NULL or not", async () => {
    const patch = await patchText([updateOf({}, { owner: "eve", price: "2" })]);
    const update = statement(patch, "WITH written AS (\n  UPDATE");
    const where = update.slice(update.indexOf("WHERE"));
    expect(where).toMatch(/t\.id OPERATOR\(pg_catalog\.=\) s\.key_id/);
    expect(where).toMatch(/AND t\.owner IS NOT DISTINCT FROM s\.old_owner/);
    // Equal to PostgreSQL is not enough where 1.0 and 1.00 are equal.
    expect(where).toMatch(
      /AND t\.price::pg_catalog\.text IS NOT DISTINCT FROM s\.old_price::pg_catalog\.text/,
    );
  });

  it("says on each row what happens to it", async () => {
    const patch = await patchText([updateOf({ owner: null }, { owner: "eve", label: "" })]);
    expect(patch).toMatch(/^ {2}'\(1,7,,lamp,eve,""\)' -- id=7: owner NULL → eve, label lamp → ''$/m);
  });

  it("is not held back by a touch column that moved since, and leaves it as it is", async () => {
    const patch = await patchText([updateOf({}, { owner: "eve", updated_at: "dawn" })]);
    const update = statement(patch, "WITH written AS (\n  UPDATE");
    expect(update).toMatch(
      /updated_at = CASE WHEN t\.updated_at .* THEN s\.new_updated_at ELSE t\.updated_at END/,
    );
    expect(update.slice(update.indexOf("WHERE"))).not.toContain("updated_at");
  });

  it("of nothing but touch columns is guarded by them", async () => {
    const update = statement(
      await patchText([updateOf({}, { updated_at: "dawn" })]),
      "WITH written AS (\n  UPDATE",
    );
    expect(update.slice(update.indexOf("WHERE"))).toContain(
      "t.updated_at IS NOT DISTINCT FROM s.old_updated_at",
    );
  });

  it("stamps touch columns of a time type with write: now, whether or not they are of the step", async () => {
    for (const cells of [{ owner: "eve" }, { owner: "eve", updated_at: "dawn" }]) {
      const patch = await patchText([updateOf({}, cells)], { touchWrite: "now" });
      const update = statement(patch, "WITH written AS (\n  UPDATE");
      expect(update.match(/updated_at = /g)).toHaveLength(1);
      expect(update).toContain("updated_at = pg_catalog.now()");
    }
  });
});

describe("inserts and deletes", () => {
  const insert = stepOf(deviceTable, [{ kind: "insert", after: device({ id: "8" }) }]);
  const remove = stepOf(deviceTable, [{ kind: "delete", before: device({ id: "9", owner: null }) }]);

  it("an insert writes every column, where no such row is", async () => {
    const statementText = statement(
      await patchText([insert]),
      "WITH written AS (\n  INSERT INTO public.device",
    );
    const names = deviceTable.columns.map(({ name }) => name).join(", ");
    expect(statementText).toContain(`INSERT INTO public.device AS t (${names})\n`);
    expect(statementText).toMatch(/WHERE NOT EXISTS \(SELECT FROM ONLY public\.device AS t WHERE t\.id /);
  });

  it.each([
    [true, 1],
    [false, 0],
  ])("identity ALWAYS %s: OVERRIDING SYSTEM VALUE %i times", async (identityAlways, times) => {
    const table = tableOf("ticket", [column("id", { type: "bigint", identityAlways }), "title"]);
    const changes = [{ kind: "insert", after: ["1", "lost keys"] }] as const;
    const patch = await patchText([
      stepOf(table, changes),
      stepOf(table, [{ kind: "delete", before: ["2", ""] }]),
    ]);
    expect(patch.match(/OVERRIDING SYSTEM VALUE/g) ?? []).toHaveLength(times);
  });

  it("a delete is guarded by the key and by all that is no touch", async () => {
    const text = statement(await patchText([remove]), "WITH written AS (\n  DELETE FROM ONLY");
    const guards = [...text.slice(text.indexOf("WHERE")).matchAll(/s\.((?:old|key)_\w+)/g)].map(
      ([, name]) => name,
    );
    const expected = ["key_id", "old_label", "old_owner", "old_price", "old_starts_at", "old_ends_at"];
    expect([...new Set(guards)]).toEqual(expected);
  });

  it("a partitioned table is written at its root, another without what inherits from it", async () => {
    const root = { ...deviceTable, partitioned: true };
    const patch = await patchText([stepOf(root, [{ kind: "delete", before: device() }])]);
    expect(patch).toContain("DELETE FROM public.device AS t");
    expect(patch).not.toContain("ONLY public.device");
  });
});

describe("many rows", () => {
  const rows = (count: number) =>
    Array.from(
      { length: count },
      (_, id) => ({ kind: "delete", before: device({ id: String(id) }) }) as const,
    );
  const commented = (patch: string) => patch.match(/ -- id=\d+: delete$/gm) ?? [];

  it("up to five thousand each have their comment, more have none", async () => {
    expect(commented(await patchText([stepOf(deviceTable, rows(5000))]))).toHaveLength(5000);
    const two = [stepOf(deviceTable, rows(2501)), stepOf(deviceTable, rows(2500))];
    expect(commented(await patchText(two))).toHaveLength(0);
  });

  it("are staged in batches and numbered throughout", async () => {
    const patch = await patchText([stepOf(deviceTable, rows(2001))]);
    expect(patch.match(/^INSERT INTO pg_temp\.pgmend_1 /gm)).toHaveLength(3);
    const numbers = [...patch.matchAll(/^ {2}'\((\d+),/gm)].map(([, n]) => Number(n));
    expect(numbers).toEqual(Array.from({ length: 2001 }, (_, place) => place + 1));
  });
});

describe("triggers", () => {
  const triggers = [trigger({}), trigger({ name: "Keep Always", enabled: "A" })];

  it("fire by default", async () => {
    expect(await patchText([], { triggers })).not.toMatch(/ALTER TABLE/);
  });

  it("are switched off around the changes when asked, and on again as they were", async () => {
    const patch = await patchText([updateOf({}, { owner: "eve" })], { triggers, triggerPolicy: "disable" });
    expect(patch.match(/^ALTER TABLE .*$/gm)).toEqual([
      "ALTER TABLE public.device DISABLE TRIGGER audit_device;",
      'ALTER TABLE public.device DISABLE TRIGGER "Keep Always";',
      "ALTER TABLE public.device ENABLE TRIGGER audit_device;",
      'ALTER TABLE public.device ENABLE ALWAYS TRIGGER "Keep Always";',
    ]);
    const places = [
      "DISABLE TRIGGER",
      "UPDATE ONLY public.device",
      "SET CONSTRAINTS ALL IMMEDIATE",
      "ENABLE TRIGGER",
    ];
    const found = places.map((text) => patch.indexOf(text));
    expect(found).toEqual([...found].sort((a, b) => a - b));
    expect(found).not.toContain(-1);
  });
});

it("names too long for PostgreSQL, or alike once cut, do not make two staging columns one", async () => {
  const long = "a".repeat(62);
  const table = tableOf("wide", ["id", `${long}1`, `${long}2`]);
  const [before, after]: [Row, Row] = [
    ["1", "x", "y"],
    ["1", "u", "v"],
  ];
  const change = { kind: "update", before, after, columns: [1, 2] } as const;
  const create = statement(await patchText([stepOf(table, [change], [1, 2])]), "CREATE TEMP TABLE pgmend_1 ");
  const names = [...create.matchAll(/ AS (\w+)/g)].map(([, name = ""]) => name.slice(0, 63));
  expect(new Set(names).size).toBe(names.length);
});
