/** Names in a sentence; all of them are in the JSON. */
const shown = 5;

/** `a, b and 3 more` */
export function nameSome(names: readonly string[]): string {
  if (names.length <= shown + 1) return names.join(", ");
  return `${names.slice(0, shown).join(", ")} and ${names.length - shown} more`;
}

/** `1 table`, `3 tables` */
export function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}
