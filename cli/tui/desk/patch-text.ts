import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { StringDecoder } from "node:string_decoder";

/** Lines between two places that are remembered: a hundred million lines are then eight megabytes. */
const every = 100;
const newline = 10;
const chunkBytes = 1 << 16;

/** A text file that may be larger than memory, by line numbers (from 0). Only a page of it is ever read at once. */
export class PatchText {
  readonly #handle: FileHandle;
  /** Where lines 0, 100, 200… begin, in bytes. */
  readonly #starts: readonly number[];
  readonly lines: number;

  private constructor(handle: FileHandle, starts: readonly number[], lines: number) {
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
    return new PatchText(await open(file), starts, lines);
  }

  async page(from: number, count: number): Promise<readonly string[]> {
    const first = Math.floor(from / every);
    const wanted = Math.max(0, Math.min(count, this.lines - from));
    const lines: string[] = [];
    const start = this.#starts[first] ?? 0;
    let at = first * every;
    for await (const line of this.#linesFrom(start)) {
      if (lines.length === wanted) break;
      if (at >= from) lines.push(line);
      at += 1;
    }
    return lines;
  }

  /** The number of the next line with the text, in upper or lower case; undefined: there is none from here on. */
  async find(text: string, after: number, backwards: boolean): Promise<number | undefined> {
    const wanted = text.toLowerCase();
    let at = 0;
    let last: number | undefined;
    for await (const line of this.#linesFrom(0)) {
      if (backwards && at >= after) return last;
      if ((backwards || at > after) && line.toLowerCase().includes(wanted)) {
        if (!backwards) return at;
        last = at;
      }
      at += 1;
    }
    return last;
  }

  /** By the open file, not by its name: once it is written, it stands elsewhere. */
  async *#linesFrom(start: number): AsyncGenerator<string> {
    const decoder = new StringDecoder("utf8");
    const buffer = Buffer.alloc(chunkBytes);
    let rest = "";
    for (let at = start; ; ) {
      const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0) break;
      at += bytesRead;
      const lines = (rest + decoder.write(buffer.subarray(0, bytesRead))).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
    if (rest !== "") yield rest;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}
