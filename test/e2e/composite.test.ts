import fc from "fast-check";
import { expect, it } from "vitest";
import { arrayText, compositeText } from "../../src/sql/composite.js";
import { createDatabase, query } from "../support/database.js";

it("a row and an array, as we write them, are read by the server as they were", async () => {
  const url = await createDatabase("composite");
  await query(url, "CREATE TYPE three AS (a text, b text, c text)");
  const text = fc.oneof(
    fc.constant(null),
    fc.string({ unit: fc.constantFrom(..."\\\"'(),{}; \n\tNULLx1.é🧯"), maxLength: 8 }),
    fc.string({ unit: "grapheme", maxLength: 8 }).map((value) => value.replaceAll("\0", "")),
  );
  const rows = fc.sample(fc.tuple(text, text, text), { numRuns: 2000, seed: 1 });
  const read = await query(
    url,
    `SELECT to_json(ARRAY[(r::three).a, (r::three).b, (r::three).c])::text AS row, to_json(l::text[])::text AS list
    FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS u(r, l, n) ORDER BY n`,
    [rows.map(compositeText), rows.map(arrayText)],
  );
  expect(read.map(({ row }) => JSON.parse(row ?? ""))).toEqual(rows);
  expect(read.map(({ list }) => JSON.parse(list ?? ""))).toEqual(rows);
});
