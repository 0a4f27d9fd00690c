/** Nothing more is drawn for so long: the answer is complete. */
const quiet = 150;

/** Hears what is drawn, and when. */
export class TerminalListener {
  #text = "";
  #last = performance.now();
  #waiting: (() => void) | undefined;

  constructor(stream: NodeJS.ReadableStream) {
    stream.on("data", (chunk: Buffer) => {
      this.#text += chunk.toString();
      this.#last = performance.now();
      this.#waiting?.();
    });
  }

  /** What was drawn so far no longer counts. */
  forget(): void {
    this.#text = "";
  }

  async until(text: string): Promise<void> {
    while (!this.#text.includes(text)) await this.next();
  }

  /** When something is drawn next. */
  next(): Promise<number> {
    return new Promise((resolve, reject) => {
      const tooLate = setTimeout(
        () => reject(new Error(`no answer; last was:\n${this.#text.slice(-2000)}`)),
        30_000,
      );
      this.#waiting = () => {
        clearTimeout(tooLate);
        this.#waiting = undefined;
        resolve(performance.now());
      };
    });
  }

  /** When the last thing was drawn, once nothing more is. */
  async silence(): Promise<number> {
    while (performance.now() - this.#last < quiet) await new Promise((resolve) => setTimeout(resolve, 10));
    return this.#last;
  }
}
