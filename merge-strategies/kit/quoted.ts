/**
 * Just past the closing quote of what is quoted at `start`, with backslashes as escapes; undefined where it does not
 * close. A loop, as a regular expression runs out of stack on a few million escapes.
 */
export function endOfQuoted(text: string, start: number): number | undefined {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return undefined;
}
