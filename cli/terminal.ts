import type { Readable, Writable } from "node:stream";

/** What a command talks to: data goes to `out`, talk goes to `err`. Streams are parameters so that tests can read them. */
export interface Terminal {
  /** What is piped in, only read where a `-` asks for it; or what is typed. */
  readonly input: Readable & { readonly isTTY?: boolean | undefined; setRawMode?(raw: boolean): unknown };
  readonly out: Writable & Partial<Pick<NodeJS.WriteStream, "isTTY" | "columns" | "rows">>;
  readonly err: Writable & { readonly isTTY?: boolean | undefined; readonly columns?: number | undefined };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Aborted when the person interrupts. */
  readonly signal: AbortSignal;
}

export interface Talk {
  /** `--quiet`: only errors are told. */
  readonly quiet: boolean;
  /** False with `--no-color`, NO_COLOR, or where nobody looks. */
  readonly color: boolean;
}

export function talkOptions(terminal: Terminal, flags: { quiet?: boolean; color?: boolean }): Talk {
  const noColor = (terminal.env["NO_COLOR"] ?? "") !== "" || terminal.env["TERM"] === "dumb";
  return {
    quiet: flags.quiet === true,
    color: terminal.err.isTTY === true && flags.color !== false && !noColor,
  };
}
