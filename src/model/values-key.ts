/** Values that stand for each other as text: how rows are found by something else than their position. */
export function valuesKey(values: readonly (string | null | undefined)[]): string {
  return JSON.stringify(values);
}
