import { beforeAll, describe, expect, it } from "vitest";
import { query } from "../support/database.js";
import { newFolder } from "../support/folder.js";
import { type Databases, play } from "../support/incident.js";
import { startPooler } from "../support/pooler.js";
import { pgmend } from "../support/program.js";

let databases: Databases;

beforeAll(async () => {
  databases = await play({
    pre: "CREATE TABLE device (id integer PRIMARY KEY)",
    post: "INSERT INTO device VALUES (1)",
  });
});

async function planThrough(current: string) {
  const env = { PGMEND_PRE: databases.pre, PGMEND_POST: databases.post, PGMEND_CURRENT: current };
  return pgmend(["plan", "--quiet"], { cwd: newFolder(), env });
}

describe("a pooler in transaction mode", () => {
  it.each([1, 3])("of %i sessions is refused", async (size) => {
    const run = await planThrough(await startPooler(databases.current, "transaction", size));
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toBe(
      "error: current: a connection pooler in transaction mode stands between pgmend and the server, and shares its " +
        "sessions\nhint: connect to the server itself, not through the pooler (often another port), or use its session mode\n",
    );
  });

  it("keeps nothing of ours in the sessions that the application gets next", async () => {
    const url = await startPooler(databases.current, "transaction", 1);
    await planThrough(url);
    const [state] = await query(
      url,
      `SELECT current_setting('default_transaction_read_only') AS read_only, current_setting('search_path') AS path`,
    );
    expect(state).toEqual({ read_only: "off", path: '"$user", public' });
  });
});

describe("a pooler in session mode", () => {
  it("is let pass", async () => {
    const run = await planThrough(await startPooler(databases.current, "session"));
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toEqual({ exitCode: 0, stderr: "" });
  });
});
