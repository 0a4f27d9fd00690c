import type { Terminal } from "../terminal.js";

/** The key `p` at the terminal, while something long runs. */
export interface PauseKeys {
  readonly paused: () => boolean;
  /** Gives the keyboard back. */
  close(): void;
}

const controlC = "\u0003";

export function pauseKeys({ input }: Terminal): PauseKeys {
  if (input.isTTY !== true || input.setRawMode === undefined)
    return { paused: () => false, close: () => undefined };
  let paused = false;
  const onKey = (data: Buffer | string) => {
    const keys = data.toString();
    // A terminal that hands us each key no longer makes a signal of this one.
    if (keys.includes(controlC)) process.kill(process.pid, "SIGINT");
    if (keys.toLowerCase().includes("p")) paused = !paused;
  };
  input.setRawMode(true);
  input.on("data", onKey);
  input.resume();
  return {
    paused: () => paused,
    close: () => {
      input.off("data", onKey);
      input.setRawMode?.(false);
      input.pause();
    },
  };
}
