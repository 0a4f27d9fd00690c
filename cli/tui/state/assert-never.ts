/** A switch over a union ends here; the compiler proves that nothing gets through. */
export function assertNever(value: never): never {
  throw new Error(`unexpected ${JSON.stringify(value)}`);
}
