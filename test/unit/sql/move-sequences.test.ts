import { expect, it } from "vitest";
import { patchText, updateOf } from "./patches.js";

const sequences = [
  { sequence: "public.device_id_seq", columns: ["public.device.id"], from: "12", to: "9007199254740993" },
  { sequence: `public."it's"`, columns: [], from: "-1", to: "-7" },
];

it("moves sequences after everything that could refuse the patch", async () => {
  const invariants = [{ name: "all pinned", sql: "SELECT FROM public.device WHERE owner IS NULL" }];
  const patch = await patchText([updateOf({}, { owner: "eve" })], { sequences, invariants });
  const order = ["no longer as planned", "all pinned", "rows written", "pgmend_sequence"];
  const places = order.map((text) => patch.lastIndexOf(text));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(patch.slice(patch.lastIndexOf("END $pgmend$;"))).toBe("END $pgmend$;\nCOMMIT;\n");
});

it("names each with where it goes, and says that nothing takes it back", async () => {
  const patch = await patchText([], { sequences });
  expect(patch).toContain(
    "  ('public.device_id_seq', 9007199254740993, 'public.device_id_seq'), -- was at 12\n",
  );
  expect(patch).toContain(`  ('public."it''s"', -7, 'public."it''s"'); -- was at -1\n`);
  expect(patch).toMatch(/^-- .*neither ROLLBACK nor rollback\.sql takes this back/m);
});

it("asks no sequence where none is moved", async () => {
  expect(await patchText([updateOf({}, { owner: "eve" })])).not.toMatch(/sequence|nextval|setval/i);
});
