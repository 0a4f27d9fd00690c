import { expect, it } from "vitest";
import { Session } from "../../src/postgres/session/session.js";
import { createDatabase, query } from "../support/database.js";

/** Those of servers 17 and 14; older servers have none of that name, and it is no mistake there. */
const limits = [
  "statement_timeout",
  "lock_timeout",
  "idle_in_transaction_session_timeout",
  "transaction_timeout",
  "idle_session_timeout",
];

it("no limit that a database sets cuts a long read short", async () => {
  const url = await createDatabase("limited");
  const known = await query(url, "SELECT name FROM pg_settings WHERE name = ANY ($1)", [limits]);
  const names = known.map(({ name }) => name as string);
  expect(names).toContain("statement_timeout");
  const database = new URL(url).pathname.slice(1);
  for (const name of names) await query(url, `ALTER DATABASE ${database} SET ${name} = '900ms'`);
  expect(await query(url, "SHOW statement_timeout")).toEqual([{ statement_timeout: "900ms" }]);
  const session = await Session.open({ role: "pre", url });
  try {
    const shown = await session.query(
      `SELECT ${names.map((name) => `current_setting('${name}')`).join(", ")}`,
    );
    expect(shown).toEqual([names.map(() => "0")]);
  } finally {
    await session.close();
  }
});
