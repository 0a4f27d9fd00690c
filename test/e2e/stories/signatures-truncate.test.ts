import { beforeAll, describe, expect, it } from "vitest";
import { truncateCascade } from "../../../sample-data/truncate-cascade/story.js";
import { summaryText } from "../../../src/index.js";
import { databaseUrl, query } from "../../support/database.js";
import { makePlan, type Planned } from "../../support/incident.js";

let plan: Planned;
let post: string;

beforeAll(async () => {
  const played = await truncateCascade.play({ url: databaseUrl, scale: 0.2, seed: 7 });
  post = played.post;
  plan = await makePlan({ ...played, mode: "replay" });
}, 180_000);

/** Which foreign keys of `post` refer to a table, by name, as `table by constraint`. */
async function cascadeFrom(root: string): Promise<readonly string[]> {
  const rows = await query(
    post,
    `WITH RECURSIVE reached (id) AS (
      SELECT '${root}'::regclass::oid
      UNION SELECT conrelid FROM pg_constraint JOIN reached ON confrelid = id WHERE contype = 'f'
    ) SELECT 'public.' || relname AS name FROM reached JOIN pg_class ON oid = id ORDER BY 1`,
  );
  return rows.map(({ name }) => name ?? "");
}

describe("the work-tracker story, before any rule is written", () => {
  it("names the emptied tables: all that TRUNCATE … CASCADE reaches, and no other", async () => {
    const emptied = plan.summary.signatures.filter(({ kind }) => kind === "emptied");
    expect(emptied.map(({ table }) => table).sort()).toEqual(await cascadeFrom("public.content_draft"));
    expect(emptied.filter(({ emptied: how }) => how?.by === undefined).map(({ table }) => table)).toEqual([
      "public.content_draft",
    ]);
  });

  it("names the foreign keys that carried it, each of which is there", async () => {
    const known = await query(
      post,
      "SELECT conname AS name, 'public.' || c.relname AS child, 'public.' || p.relname AS parent FROM pg_constraint JOIN pg_class AS c ON c.oid = conrelid JOIN pg_class AS p ON p.oid = confrelid WHERE contype = 'f'",
    );
    const ways = plan.summary.signatures.flatMap(({ table, emptied }) =>
      emptied?.by === undefined
        ? []
        : [{ child: table, parent: emptied.by.parent, name: emptied.by.foreignKey }],
    );
    expect(ways.length).toBeGreaterThanOrEqual(6);
    for (const way of ways) expect(known).toContainEqual(way);
  });

  it("says so in words, on one screen", () => {
    const text = summaryText(plan.summary);
    expect(text).toMatch(
      /comments deleted: emptied with public\.content_draft, as TRUNCATE … CASCADE does, by comment_/,
    );
    expect(text).toMatch(/content drafts? deleted: the table was emptied/);
    expect(text.split("\n").filter((line) => /^ {2}S\d/.test(line)).length).toBeLessThanOrEqual(8);
  });

  it("names every row of the delta once", () => {
    const rows = plan.summary.signatures.reduce((sum, signature) => sum + signature.rows, 0);
    expect(rows).toBe(plan.summary.totals.incoming);
  });
});
