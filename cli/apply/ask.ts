import { createInterface } from "node:readline/promises";
import type { Terminal } from "../terminal.js";

/** Asks a person at the terminal. Anything but yes is no; so is leaving. */
export async function askYes({ input, err, signal }: Terminal, question: string): Promise<boolean> {
  const lines = createInterface({ input, output: err });
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch {
    return false;
  } finally {
    lines.close();
  }
}
