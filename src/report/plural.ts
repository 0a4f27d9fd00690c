/** 1234567 as people read it: 1 234 567. */
export function number(value: number): string {
  return value.toLocaleString("en-US").replaceAll(",", " ");
}

/** The word for so many: row, rows. */
export function plural(count: number, word: string): string {
  return count === 1 ? word : `${word}s`;
}
