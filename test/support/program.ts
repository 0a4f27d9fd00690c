import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { Readable, Writable } from "node:stream";
import { afterAll } from "vitest";
import { runProgram } from "../../cli/program.js";
import { buildProgram } from "./build-program.js";

/** What a person saw of the program. */
export interface Run {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

interface Surroundings {
  readonly cwd: string;
  readonly env?: Environment;
}

interface Circumstances extends Surroundings {
  readonly signal?: AbortSignal;
  /** Hears what is said on stderr, while it is said. */
  readonly onTalk?: (text: string) => void;
  /** What is piped in. */
  readonly input?: string | Uint8Array;
}

/** The program in this process: all of it but `cli/main.ts`, which has the signals, the streams and the umask. */
export async function pgmend(words: readonly string[], circumstances: Circumstances): Promise<Run> {
  const { cwd, env = {}, signal = new AbortController().signal, onTalk } = circumstances;
  const input = Readable.from([Buffer.from(circumstances.input ?? "")]);
  const [out, err] = [new Listener(), new Listener(onTalk)];
  const exitCode = await runProgram(words, { input, out, err, env, cwd, signal });
  return { exitCode, stdout: out.heard, stderr: err.heard };
}

class Listener extends Writable {
  heard = "";
  readonly #onTalk: (text: string) => void;

  constructor(onTalk: (text: string) => void = () => undefined) {
    super();
    this.#onTalk = onTalk;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.heard += chunk.toString();
    this.#onTalk(chunk.toString());
    done();
  }
}

/** The program as a process of its own. */
export class Program {
  /** The package as it is installed: package.json and `dist`. */
  readonly folder: string;
  readonly #main: string;

  /** Builds it as it is shipped: what is in `dist` may be old. Gone when the test file is done. */
  constructor() {
    const { folder, main } = buildProgram();
    this.folder = folder;
    this.#main = main;
    afterAll(() => rmSync(folder, { recursive: true }));
  }

  /** @param env all there is: nothing of ours, such as a password that is set here, gets in */
  start(words: readonly string[], { cwd, env = {} }: Surroundings): ChildProcess {
    return spawn(process.execPath, [this.#main, ...words], {
      cwd,
      env: { PATH: process.env["PATH"], HOME: cwd, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  /** For whoever starts it otherwise: in a terminal. */
  command(words: readonly string[]): readonly string[] {
    return [process.execPath, this.#main, ...words];
  }

  run(words: readonly string[], circumstances: Surroundings): Promise<Run> {
    return ended(this.start(words, circumstances));
  }
}

/** Waits for the end of a process; what it says is collected from now on. */
export function ended(child: ChildProcess): Promise<Run> {
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (chunk: string) => {
      text[name] += chunk;
    });
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, ...text }));
  });
}
