import { afterAll, beforeAll, expect, it } from "vitest";
import { readQuery } from "../../src/postgres/read-table.js";
import { Session } from "../../src/postgres/session/session.js";
import { createDatabase } from "../support/database.js";

let session: Session;

beforeAll(async () => {
  session = await Session.open({ role: "pre", url: await createDatabase("long") });
});

afterAll(() => session.close());

const batchSize = 1000;

/** Rows of each batch, and the numbers that came, in their order. */
async function readAll(sql: string, until = Number.POSITIVE_INFINITY) {
  const [sizes, numbers] = [[] as number[], [] as number[]];
  for await (const rows of readQuery(session, { sql, values: [] }, batchSize)) {
    sizes.push(rows.length);
    numbers.push(...rows.map((row) => Number(row[0])));
    // Time for the server to send as much as it may.
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (numbers.length >= until) break;
  }
  return { sizes, numbers };
}

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

it("long rows are handed out a few at a time, in their order and none twice", async () => {
  const { sizes, numbers } = await readAll(
    "SELECT n, repeat('x', 3000000) FROM generate_series(1, 60) AS n ORDER BY n",
  );
  expect(numbers).toEqual(upTo(60));
  // Three of them are more than eight million characters.
  expect(Math.max(...sizes)).toBe(3);
});

it("short ones by whole batches, also where long ones are among them, to the last row of a batch", async () => {
  const short = await readAll("SELECT n, 'x' FROM generate_series(1, 2500) AS n ORDER BY n");
  expect(short).toEqual({ sizes: [1000, 1000, 500], numbers: upTo(2500) });
  const mixed = await readAll(
    "SELECT n, CASE WHEN n IN (10, 1000, 2000) THEN repeat('x', 9000000) END FROM generate_series(1, 2000) AS n ORDER BY n",
  );
  expect(mixed).toEqual({ sizes: [10, 990, 1000], numbers: upTo(2000) });
});

it("a reader that stops early leaves the session free for the next", async () => {
  const sql = "SELECT n, repeat('x', 3000000) FROM generate_series(1, 20) AS n ORDER BY n";
  expect((await readAll(sql, 3)).numbers).toEqual([1, 2, 3]);
  expect(await session.query("SELECT 1")).toEqual([["1"]]);
});

it("a failure that nobody takes for a while is told, and nothing waits for ever", async () => {
  const sql = "SELECT n, 1 / (12 - n) FROM generate_series(1, 20) AS n";
  const reading = readQuery(session, { sql, values: [] }, 5);
  await reading.next();
  await new Promise((resolve) => setTimeout(resolve, 20));
  await reading.next();
  // The third batch fails meanwhile, and the server is ready again.
  await new Promise((resolve) => setTimeout(resolve, 500));
  await expect(reading.next()).rejects.toThrow(/division by zero/);
  expect(await session.query("SELECT 1")).toEqual([["1"]]);
});

it("what fails among long rows is told, and nothing waits for ever", async () => {
  const sql = "SELECT n, repeat('x', 3000000), 1 / (12 - n) FROM generate_series(1, 20) AS n";
  await expect(readAll(sql)).rejects.toThrow(/division by zero/);
  expect(await session.query("SELECT 1")).toEqual([["1"]]);
});
