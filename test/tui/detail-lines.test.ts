import { expect, it } from "vitest";
import { detailLines } from "../../cli/tui/text/detail-lines.js";
import { lineText } from "../../cli/tui/text/line.js";
import { detail, header } from "./sample.js";

/** The lines of the second column of a device with this name. */
function linesOf(name: string, columns = 80): readonly string[] {
  const [table] = header.tables;
  if (table === undefined) throw new Error("the sample has no table");
  const found = detailLines(detail(0, name), { table, mode: "undo", column: 1, columns });
  const texts = found.map(lineText);
  return texts.slice(
    texts.findIndex((text) => text.startsWith("pre")) + 1,
    texts.findIndex((text) => text.startsWith("post")) - 1,
  );
}

it.each([40, 80, 250])("shows every character of a long value at %i columns", (columns) => {
  const value = Array.from({ length: 5000 }, (_, at) => `${at}`).join("日");
  const lines = linesOf(value, columns);
  expect(lines.map((text) => text.slice(2)).join("")).toBe(value);
  expect(lines.length).toBeGreaterThan(50);
});

it("breaks where the value does, and shows what cannot be seen", () => {
  expect(linesOf("one\n\ntwo\u202e\t")).toEqual(["  one", "  ", "  two\\u202e\\t"]);
});

it("takes a value of megabytes", () => {
  expect(linesOf("x".repeat(3_000_000)).length).toBe(Math.ceil(3_000_000 / 76));
});
