import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "fast-csv";
import pg from "pg";
import { beforeAll, describe, expect, it } from "vitest";
import { listAll } from "../support/folder.js";
import { hostileNames, hostileValues } from "../support/hostile.js";
import { type Databases, makePlan, type Planned, play, readLines } from "../support/incident.js";
import { expectRecovery } from "../support/recovery.js";

const [values, names] = [hostileValues, hostileNames];

let databases: Databases;
let planned: Planned;

beforeAll(async () => {
  const texts = values.map((value, at) => `(${at}, ${pg.escapeLiteral(value)})`).join(", ");
  const odd = names.map(
    (name, at) => `CREATE TABLE public.${quoted(name)} (id integer PRIMARY KEY, ${quoted(`${name}!`)} text);
    INSERT INTO public.${quoted(name)} VALUES (1, 'before ${at}')`,
  );
  const oddly = (sql: (table: string, column: string) => string) =>
    names.map((name) => sql(`public.${quoted(name)}`, quoted(`${name}!`))).join("; ");
  databases = await play({
    pre: `CREATE TABLE thing (name text PRIMARY KEY, n integer, said text, kept text);
      CREATE TABLE short (id integer PRIMARY KEY, said text);
      INSERT INTO thing SELECT left(value, 900) || n, n, value, 'kept' FROM (VALUES ${texts}) AS v (n, value);
      INSERT INTO short SELECT n, value FROM (VALUES ${texts}) AS v (n, value); ${odd.join("; ")}`,
    post: `UPDATE thing SET said = NULL; DELETE FROM short; ${oddly((table, column) => `UPDATE ${table} SET ${column} = NULL`)}`,
    current: `UPDATE thing SET said = kept || said, kept = said WHERE n % 5 = 0; UPDATE thing SET said = 'other' WHERE n % 3 = 0;
      ${oddly((table, column) => `UPDATE ${table} SET ${column} = 'since' WHERE length(${column}) > 999`)}`,
  });
  planned = await makePlan(databases);
}, 60_000);

describe("hostile names and values", () => {
  it("can be read back exactly from changes.jsonl", () => {
    const changes = readLines(planned.folder, "changes.jsonl") as unknown as Change[];
    const things = changes.filter(({ table }) => table === "public.thing");
    expect(things.length).toBeGreaterThan(10);
    for (const { key, columns } of things) {
      const { to } = columns["said"] ?? {};
      expect(values).toContain(to);
      expect(key["name"]).toBe(`${[...(to ?? "")].slice(0, 900).join("")}${values.indexOf(to ?? "")}`);
    }
    const restored = changes
      .filter(({ table }) => table === "public.short")
      .map(({ columns }) => columns["said"]?.to);
    expect(restored).toEqual(values);
    const odd = changes.filter(({ columns }) => names.some((name) => Object.hasOwn(columns, `${name}!`)));
    expect(odd.map(({ columns }) => Object.keys(columns)[0]).toSorted()).toEqual(
      names.map((name) => `${name}!`).toSorted(),
    );
  });

  it("and from conflicts.csv, where no cell is a formula", async () => {
    const lines: Record<string, string>[] = [];
    const csv = readFileSync(join(planned.folder, "conflicts.csv"), "utf8");
    await new Promise<void>((resolve, reject) => {
      const parser = parse<Record<string, string>, Record<string, string>>({ headers: true })
        .on("data", (line: Record<string, string>) => lines.push(line))
        .on("error", reject)
        .on("end", () => resolve());
      parser.end(csv);
    });
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) {
      expect(values).toContain(JSON.parse(line["incoming"] ?? ""));
      for (const cell of Object.values(line)) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
    }
  });

  it("break out of nothing that is read as lines", () => {
    for (const name of listAll(planned.folder).filter((file) => /\.(sql|md|csv|jsonl|json)$/.test(file))) {
      // SQL must write a name as it is: what is in quotes there is a name, and ends where it ends.
      const plain = (text: string) =>
        names.reduce((left, odd) => left.replaceAll(quoted(odd), "").replaceAll(quoted(`${odd}!`), ""), text);
      const file = readFileSync(join(planned.folder, name), "utf8");
      const text = name.endsWith(".sql") ? plain(file) : file;
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
      expect([name, text.match(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/)?.index]).toEqual([
        name,
        undefined,
      ]);
      if (name.endsWith(".sql")) expect(text.match(/^\s*\\(?!set |pset |if |else|endif)/m)).toBeNull();
      if (/\.(sql|md)$/.test(name))
        expect(text.match(/[\u200b-\u200f\u2028-\u202e\u2066-\u2069]/)).toBeNull();
    }
  });

  it("are text in report.html: one script, ours, and the data is inert", () => {
    const html = readFileSync(join(planned.folder, "report.html"), "utf8");
    expect(html.match(/<script>/g)).toHaveLength(1);
    expect(html.length).toBeLessThan(2_000_000);
    const blocks = [...html.matchAll(/<script type="application\/json" class="[\w-]+">(.*?)<\/script>/gs)];
    expect(blocks.length).toBeGreaterThanOrEqual(3);
    for (const [, json = ""] of blocks) {
      expect(json).not.toContain("<");
      expect(() => JSON.parse(json)).not.toThrow();
    }
    const rest = html.replace(/<(script|style)[^>]*>.*?<\/\1>/gs, "");
    expect(rest.match(/<(img|script|b|iframe|a(?! class="skip"))\b/g)).toBeNull();
  });

  it("are written by the patch as they were, and taken back", { timeout: 120_000 }, async () => {
    const truth = `UPDATE thing AS t SET said = v.said FROM (SELECT n, said FROM short_before) AS v WHERE t.n = v.n AND t.said IS NULL;
      INSERT INTO short SELECT n, said FROM short_before;
      ${names.map((name, at) => `UPDATE public.${quoted(name)} SET ${quoted(`${name}!`)} = 'before ${at}'`).join("; ")};
      DROP TABLE short_before`;
    const texts = values.map((value, at) => `(${at}, ${pg.escapeLiteral(value)})`).join(", ");
    const before = `CREATE TABLE short_before AS SELECT n, said FROM (VALUES ${texts}) AS v (n, said); `;
    await expectRecovery(databases, planned, { truth: before + truth });
  });
});

function quoted(name: string): string {
  return pg.escapeIdentifier(name);
}

interface Change {
  readonly table: string;
  readonly key: Readonly<Record<string, string>>;
  readonly columns: Readonly<Record<string, { readonly from?: string | null; readonly to?: string | null }>>;
}
