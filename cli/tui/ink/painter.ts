import type { Line } from "../text/line.js";
import { paintLine } from "./paint.js";

/**
 * Draws lines on a terminal, and only those that changed: a key then costs two lines, over a slow connection, too.
 *
 * Ink would lay out every character of every frame anew, which at 250×80 takes a tenth of a second. What is drawn here
 * is lines already, so Ink is left what it is needed for: reading keys, and showing each state once.
 */
export class Painter {
  readonly #out: { write(text: string): unknown };
  readonly #color: boolean;
  /** By line, what is on the terminal. */
  #drawn: readonly string[] = [];

  constructor(out: { write(text: string): unknown }, color: boolean) {
    this.#out = out;
    this.#color = color;
  }

  /** @param lines the whole screen, from its first line */
  draw(lines: readonly Line[], columns: number): void {
    const wanted = lines.map((line) => paintLine(line, columns, this.#color));
    // Emptied first and not behind the text: a terminal at its last column would erase that.
    const changed = wanted.flatMap((text, at) =>
      text === this.#drawn[at] ? [] : [`\u001b[${at + 1};1H\u001b[2K${text}`],
    );
    this.#drawn = wanted;
    if (changed.length > 0) this.#out.write(changed.join(""));
  }

  /** The terminal has another size, or other things on it: all is drawn anew. */
  clear(): void {
    this.#drawn = [];
    this.#out.write("\u001b[2J\u001b[H");
  }
}
