import type { Readable, Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

type Input = Readable & Partial<Pick<NodeJS.ReadStream, "isTTY" | "setRawMode">>;

/** A character, the end of a line, or what a terminal sends for a key that is neither. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what it looks for
const aKey = /^(?:\r\n|\u001b\[[\d;]*[~A-Za-z]|\u001bO?.|.)/su;

/**
 * Lines as they are typed. The terminal shows what is typed by itself, a password, too; while a line is hidden it is
 * told not to, and what may be seen of the line is shown from here.
 */
export class TypedLines {
  readonly #input: Input;
  readonly #out: Writable;
  readonly #decoder = new StringDecoder("utf8");
  /** Typed, and not taken yet. */
  #typed = "";
  #line = "";
  #ended = false;
  #wake: () => void = () => undefined;

  constructor(input: Input, out: Writable) {
    this.#input = input;
    this.#out = out;
    input.on("data", this.#hear);
    input.once("end", this.#end);
  }

  /**
   * The next line, without its end; undefined when nobody types any more.
   * @param seen what may be seen of a line, as long as it; where it is given, the terminal shows nothing else
   */
  async next(seen?: (line: string) => string): Promise<string | undefined> {
    const hides = seen !== undefined && this.#input.isTTY === true;
    if (hides) this.#input.setRawMode?.(true);
    try {
      for (;;) {
        const line = this.#take(hides ? seen : undefined);
        if (line !== undefined) return line;
        if (this.#ended) return undefined;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      if (hides) this.#input.setRawMode?.(false);
    }
  }

  close(): void {
    this.#input.off("data", this.#hear);
    this.#input.off("end", this.#end);
    this.#input.pause();
  }

  readonly #hear = (chunk: Buffer | string): void => {
    this.#typed += typeof chunk === "string" ? chunk : this.#decoder.write(chunk);
    this.#wake();
  };

  readonly #end = (): void => {
    this.#ended = true;
    this.#wake();
  };

  /** A line, if there is a whole one. */
  #take(seen: ((line: string) => string) | undefined): string | undefined {
    while (this.#typed !== "") {
      const [key = ""] = aKey.exec(this.#typed) ?? [this.#typed];
      this.#typed = this.#typed.slice(key.length);
      if (/^[\r\n]/.test(key)) {
        if (seen !== undefined) this.#out.write("\n");
        return this.#done();
      }
      if (seen === undefined) this.#line += key;
      else if (key === "\u0003") return this.#done("ctrl+c");
      else if (key === "\u0004" && this.#line === "") this.#ended = true;
      else this.#show(key, seen);
    }
    // A last line without an end.
    return this.#ended && this.#line !== "" ? this.#done() : undefined;
  }

  #done(line = this.#line): string {
    this.#line = "";
    return line;
  }

  /** The few keys that change a line; any other that is no character does nothing. */
  #show(key: string, seen: (line: string) => string): void {
    const before = this.#line;
    if (key === "\u007f" || key === "\b") this.#line = [...before].slice(0, -1).join("");
    else if (key === "\u0015") this.#line = "";
    else if (key >= " ") this.#line += key;
    if (this.#line.startsWith(before)) this.#out.write(seen(this.#line).slice(before.length));
    else this.#out.write("\b \b".repeat([...before].length - [...this.#line].length));
  }
}
