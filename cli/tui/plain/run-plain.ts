import type { Readable, Writable } from "node:stream";
import type { Session } from "../session.js";
import { runUnderWay } from "../state/runs.js";
import { placeOf, type State } from "../state/state.js";
import { maskTyped } from "../text/mask-url.js";
import { question, sayState } from "./say.js";
import { take } from "./take.js";
import { TypedLines } from "./typed-lines.js";

interface Surroundings {
  readonly input: Readable;
  readonly out: Writable;
  /** When aborted, somebody wants to leave. */
  readonly signal: AbortSignal;
}

/** How often something long says how far it is. */
const sayEvery = 5000;

/**
 * The same session without a screen, for those who hear it: sentences, numbered choices, one line typed at a time, no
 * cursor movement and no colour. The keys are those of the key table.
 *
 * @param settled resolves when nothing is under way
 */
export async function runPlain(
  session: Session,
  { input, out, signal }: Surroundings,
  settled: () => Promise<void>,
): Promise<void> {
  const typed = new TypedLines(input, out);
  const heard = new Heard(typed, signal);
  const say = () => out.write(sayState(session.state()));
  const interrupt = () => session.dispatch({ type: "interrupt" });
  signal.addEventListener("abort", interrupt, { once: true });
  try {
    for (;;) {
      const telling = setInterval(() => {
        if (isLong(session.state())) say();
      }, sayEvery);
      await hearUntil(settled(), session, heard);
      clearInterval(telling);
      if (session.state().leaving !== undefined) return;
      say();
      out.write(question(session.state()));
      const line = await heard.next(typesUrl(session.state()) ? maskTyped : undefined);
      if (line === undefined) session.press({ name: "ctrl+c" });
      else take(session, line);
    }
  } finally {
    signal.removeEventListener("abort", interrupt);
    typed.close();
  }
}

/** What is typed before a question is asked, waits for it; but pause and stop are for what is under way. */
async function hearUntil(settled: Promise<void>, session: Session, heard: Heard): Promise<void> {
  const isSettled = settled.then(() => undefined);
  while (runUnderWay(session.state()) !== undefined) {
    const line = await Promise.race([isSettled, heard.peek()]);
    if (line === undefined || !meanwhile.has(line.trim())) break;
    take(session, (await heard.next()) ?? "");
  }
  await isSettled;
}

const meanwhile: ReadonlySet<string> = new Set(["p", "s", "ctrl+c"]);

const isLong = (state: State): boolean =>
  placeOf(state).screen === "scan" || runUnderWay(state) !== undefined;

/** Only there a URL is typed, and with it perhaps a password. */
function typesUrl(state: State): boolean {
  const asked = state.prompt?.asks.kind ?? placeOf(state).screen;
  return asked === "connect" || asked === "rehearse-on";
}

/** Lines as they are typed, of which the next one can be looked at before it is taken. */
class Heard {
  readonly #typed: TypedLines;
  readonly #isOver: Promise<undefined>;
  #next: Promise<string | undefined> | undefined;

  constructor(typed: TypedLines, signal: AbortSignal) {
    this.#typed = typed;
    this.#isOver = new Promise((resolve) => {
      signal.addEventListener("abort", () => resolve(undefined), { once: true });
    });
  }

  peek(): Promise<string | undefined> {
    this.#next ??= this.#typed.next();
    return this.#next;
  }

  /** Undefined: nobody types any more, or wants to. @param seen what may be seen of a line while it is typed */
  async next(seen?: (line: string) => string): Promise<string | undefined> {
    const next = this.#next ?? this.#typed.next(seen);
    this.#next = undefined;
    return Promise.race([next, this.#isOver]);
  }
}
