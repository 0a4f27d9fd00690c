export function number(value: number): string {
  return value.toLocaleString("en-US").replaceAll(",", " ");
}

export function plural(count: number, word: string): string {
  return count === 1 ? word : `${word}s`;
}
