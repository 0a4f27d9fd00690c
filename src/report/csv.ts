import { Readable } from "node:stream";
import { format } from "fast-csv";

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

/**
 * Words may be a stranger's, and quote a value: an apostrophe tells a spreadsheet that they are text. Whole numbers are
 * harmless, and are what many ids are.
 */
export function words(text = ""): string {
  return /^[=+\-@\t\r]/.test(text) && !/^-\d+$/.test(text) ? `'${text}` : text;
}
