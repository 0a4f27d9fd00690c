import { Readable } from "node:stream";
import { format } from "fast-csv";
import { visible } from "../../model/visible.js";

/** Lines as CSV, with their headings, as a stream of text. */
export async function* csvText<L extends Readonly<Record<string, string>>>(
  columns: readonly (keyof L & string)[],
  lines: AsyncIterable<L> | Iterable<L>,
): AsyncGenerator<string> {
  const csv = format<L, L>({ headers: [...columns], alwaysWriteHeaders: true, includeEndRowDelimiter: true });
  const source = Readable.from(lines);
  source.on("error", (error) => csv.destroy(error));
  for await (const chunk of source.pipe(csv)) yield String(chunk);
}

/** Words may quote a value: what would drive a terminal or end a line is shown as an escape. */
export function words(text = ""): string {
  return visible(harmless(text));
}

/**
 * What a spreadsheet would take for a formula gets an apostrophe, which tells it that this is text. Whole numbers are
 * harmless, and are what many ids are.
 */
export function harmless(text = ""): string {
  return /^[=+\-@\t\r]/.test(text) && !/^-\d+$/.test(text) ? `'${text}` : text;
}
