import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { createInterface } from "node:readline";

/** Lines between two places that are remembered: a hundred million lines are then eight megabytes. */
const every = 100;
const newline = 10;

/** A text file that may be larger than memory, by line numbers (from 0). Only a page of it is ever read at once. */
export class PatchText {
  readonly #file: string;
  readonly #handle: FileHandle;
  /** Where lines 0, 100, 200… begin, in bytes. */
  readonly #starts: readonly number[];
  readonly lines: number;

  private constructor(file: string, handle: FileHandle, starts: readonly number[], lines: number) {
    this.#file = file;
    this.#handle = handle;
    this.#starts = starts;
    this.lines = lines;
  }

  static async open(file: string): Promise<PatchText> {
    const starts = [0];
    let lines = 0;
    let offset = 0;
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
      for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, at + 1)) {
        lines += 1;
        if (lines % every === 0) starts.push(offset + at + 1);
      }
      offset += chunk.length;
    }
    return new PatchText(file, await open(file), starts, lines);
  }

  async page(from: number, count: number): Promise<readonly string[]> {
    const first = Math.floor(from / every);
    const wanted = Math.max(0, Math.min(count, this.lines - from));
    const lines: string[] = [];
    const start = this.#starts[first] ?? 0;
    const stream = this.#handle.createReadStream({ start, autoClose: false, encoding: "utf8" });
    let at = first * every;
    for await (const line of createInterface({ input: stream, crlfDelay: 0 })) {
      if (lines.length === wanted) break;
      if (at >= from) lines.push(line);
      at += 1;
    }
    return lines;
  }

  /** The number of the next line with the text, in upper or lower case; undefined: there is none from here on. */
  async find(text: string, after: number, backwards: boolean): Promise<number | undefined> {
    const wanted = text.toLowerCase();
    const stream = createReadStream(this.#file, { encoding: "utf8" });
    let at = 0;
    let last: number | undefined;
    try {
      for await (const line of createInterface({ input: stream, crlfDelay: 0 })) {
        if (backwards && at >= after) return last;
        if ((backwards || at > after) && line.toLowerCase().includes(wanted)) {
          if (!backwards) return at;
          last = at;
        }
        at += 1;
      }
      return last;
    } finally {
      stream.destroy();
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}
