/** UTF-8 needs three bytes at most for one unit of a JavaScript string. */
const bytesPerUnit = 3;
const initialBytes = 1 << 16;
const lineFeed = 10;

/**
 * Lines as UTF-8, with line feeds between them. Each line is encoded as it comes: kept as strings until the batch is
 * full they would live long enough for the garbage collector to move them twice, and that took longer than the rest.
 */
export class LineBuffer {
  #buffer = Buffer.allocUnsafe(initialBytes);
  #bytes = 0;
  #lines = 0;

  get lines(): number {
    return this.#lines;
  }

  /** The size in bytes. */
  get size(): number {
    return this.#bytes;
  }

  /** Valid until the next line is added. */
  get text(): Uint8Array {
    return this.#buffer.subarray(0, this.#bytes);
  }

  add(line: string): void {
    this.#makeRoom((line.length + 1) * bytesPerUnit);
    if (this.#lines > 0) this.#buffer[this.#bytes++] = lineFeed;
    this.#bytes += this.#buffer.write(line, this.#bytes, "utf8");
    this.#lines += 1;
  }

  /** Empties it and keeps its memory. */
  clear(): void {
    this.#bytes = 0;
    this.#lines = 0;
  }

  #makeRoom(bytes: number): void {
    const needed = this.#bytes + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(larger, 0, 0, this.#bytes);
    this.#buffer = larger;
  }
}
