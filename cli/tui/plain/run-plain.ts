import type { Readable, Writable } from "node:stream";
import type { Session } from "../session.js";
import { placeOf } from "../state/state.js";
import { maskTyped } from "../text/mask-url.js";
import { question, sayState } from "./say.js";
import { take } from "./take.js";
import { TypedLines } from "./typed-lines.js";

interface Streams {
  readonly input: Readable;
  readonly out: Writable;
}

/** How often a long scan says how far it is. */
const sayEvery = 5000;

/**
 * The same session without a screen, for those who hear it: sentences, numbered choices, one line typed at a time, no
 * cursor movement and no colour. The keys are those of the key table.
 *
 * @param settled resolves when nothing is under way
 */
export async function runPlain(
  session: Session,
  { input, out }: Streams,
  settled: () => Promise<void>,
): Promise<void> {
  const typed = new TypedLines(input, out);
  const say = () => out.write(sayState(session.state()));
  try {
    while (session.state().leaving === undefined) {
      const scanning = setInterval(() => {
        if (placeOf(session.state()).screen === "scan") say();
      }, sayEvery);
      await settled();
      clearInterval(scanning);
      if (session.state().leaving !== undefined) return;
      say();
      out.write(question(session.state()));
      // Only there a URL is typed, and with it perhaps a password.
      const isConnecting = placeOf(session.state()).screen === "connect";
      const line = await typed.next(isConnecting ? maskTyped : undefined);
      if (line === undefined) session.press({ name: "ctrl+c" });
      else take(session, line);
    }
  } finally {
    typed.close();
  }
}
