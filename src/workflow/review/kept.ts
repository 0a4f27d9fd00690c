/** Something that takes long to count, counted once and kept until it changes. */
export class Kept<T> {
  readonly #count: () => Promise<T>;
  #kept: { readonly value: T } | undefined;
  #changes = 0;

  constructor(count: () => Promise<T>) {
    this.#count = count;
  }

  async get(): Promise<T> {
    if (this.#kept !== undefined) return this.#kept.value;
    const changes = this.#changes;
    const value = await this.#count();
    // What changed meanwhile may be counted already, or not.
    if (changes === this.#changes) this.#kept = { value };
    return value;
  }

  /** To be called once the change is made. */
  changed(): void {
    this.#changes += 1;
    this.#kept = undefined;
  }
}
