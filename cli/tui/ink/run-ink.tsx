import { Writable } from "node:stream";
import { render } from "ink";
import type { Terminal } from "../../terminal.js";
import type { Session } from "../session.js";
import { sizeOf } from "../terminal-size.js";
import { App } from "./app.js";
import { Painter } from "./painter.js";

/**
 * The alternate screen: what was on the terminal before is there again afterwards. No line is continued in the next one,
 * should a terminal find a character wider than we do; and the cursor is ours.
 */
const enter = "\u001b[?1049h\u001b[?7l\u001b[?25l";
const leave = "\u001b[?25h\u001b[?7h\u001b[?1049l";

/** Where Ink draws, which would clear what the painter drew: nowhere. */
const nowhere = () => new Writable({ write: (_, __, done) => done() }) as NodeJS.WriteStream;

interface Screen {
  readonly input: NodeJS.ReadStream;
  readonly out: NodeJS.WriteStream;
  readonly color: boolean;
}

/** Shows the session on a terminal until somebody leaves. However that comes about, the terminal is as it was. */
export async function runInk(
  session: Session,
  { input, out, color }: Screen,
  { signal }: Terminal,
): Promise<void> {
  const restore = () => out.write(leave);
  process.once("exit", restore);
  out.write(enter);
  const painter = new Painter(out, color);
  painter.clear();
  const options = { stdin: input, stdout: nowhere(), exitOnCtrlC: false, patchConsole: false };
  const app = render(<App session={session} color={color} painter={painter} />, options);
  const resize = () => {
    painter.clear();
    session.dispatch({ type: "resized", size: sizeOf(out) });
  };
  const interrupt = () => session.dispatch({ type: "interrupt" });
  out.on("resize", resize);
  signal.addEventListener("abort", interrupt, { once: true });
  try {
    await left(session);
  } finally {
    out.off("resize", resize);
    signal.removeEventListener("abort", interrupt);
    app.unmount();
    process.off("exit", restore);
    restore();
  }
}

/** Resolves when somebody leaves. */
function left(session: Session): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (session.state().leaving === undefined) return;
      stop();
      resolve();
    };
    const stop = session.subscribe(look);
    look();
  });
}
