import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";

/** A real terminal to press keys in and to look at: tmux, on a server of its own. */
export const hasTmux = spawnSync("tmux", ["-V"]).status === 0;

interface Start {
  readonly columns: number;
  readonly rows: number;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The program and its words, run in place of a shell: the pane is gone when it ends. */
  readonly command: readonly string[];
}

export class Tmux {
  readonly #server = `pgmend-${randomBytes(4).toString("hex")}`;

  constructor({ columns, rows, cwd, env, command }: Start) {
    const settings = Object.entries(env).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
    const size = ["-x", String(columns), "-y", String(rows)];
    this.#run("-f", "/dev/null", "new-session", "-d", ...size, "-c", cwd, ...settings, ...command);
    this.#run("set", "-g", "remain-on-exit", "on");
  }

  /** Names as tmux has them: Enter, Escape, C-r, or characters as they are. */
  keys(...names: readonly string[]): void {
    this.#run("send-keys", ...names);
  }

  type(text: string): void {
    this.#run("send-keys", "-l", text);
  }

  screen(): string {
    return this.#run("capture-pane", "-p");
  }

  /** Waits until the screen says so, for as long as a slow machine may need. */
  async until(text: string | RegExp, seconds = 60): Promise<string> {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const screen = this.screen();
      if (typeof text === "string" ? screen.includes(text) : text.test(screen)) return screen;
      if (Date.now() > end) throw new Error(`the screen does not say ${text}:\n${screen}`);
      await pause();
    }
  }

  resize(columns: number, rows: number): void {
    this.#run("resize-window", "-x", String(columns), "-y", String(rows));
  }

  /** Of the program. */
  get pid(): number {
    return Number(this.#run("display-message", "-p", "#{pane_pid}"));
  }

  /** The exit code of the program, once it is over. */
  async exitCode(): Promise<number> {
    const end = Date.now() + 60_000;
    for (;;) {
      // Known a moment after it is known that the pane is dead; of a program that was killed there is only the signal.
      const [status, signal] = this.#run("display-message", "-p", "#{pane_dead_status}|#{pane_dead_signal}")
        .trim()
        .split("|");
      if (status !== "") return Number(status);
      if (signal !== "") return 128 + Number(signal);
      if (Date.now() > end) throw new Error(`the program does not end:\n${this.screen()}`);
      this.#reap();
      await pause();
    }
  }

  /** tmux 3.3 now and then misses that its program has ended, and leaves it a zombie: told once more, it looks. */
  #reap(): void {
    const [dead, server] = this.#run("display-message", "-p", "#{pane_dead}|#{pid}").trim().split("|");
    if (dead === "1") process.kill(Number(server), "SIGCHLD");
  }

  /** Kills the program and the terminal with it. */
  async kill(): Promise<void> {
    const { pid } = this;
    process.kill(pid, "SIGKILL");
    await this.killed(pid);
  }

  /** Waits until a program that was killed is gone, and its locks with it: a thread may still be writing to a busy disk. */
  async killed(pid: number): Promise<void> {
    this.close();
    const end = Date.now() + 60_000;
    while (isAlive(pid)) {
      if (Date.now() > end) throw new Error(`killed, and still there: ${threadsOf(pid)}`);
      await pause();
    }
  }

  close(): void {
    spawnSync("tmux", ["-L", this.#server, "kill-server"]);
  }

  #run(...words: readonly string[]): string {
    return execFileSync("tmux", ["-L", this.#server, ...words], { encoding: "utf8" });
  }
}

/** A program that was killed and that nobody has asked after is still listed, as Z; so is one with threads left. */
function isAlive(pid: number): boolean {
  try {
    const isZombie = /^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
    return !isZombie || readdirSync(`/proc/${pid}/task`).length > 1;
  } catch {
    return false;
  }
}

/** What each of its threads is doing, and where in the kernel. */
function threadsOf(pid: number): string {
  const read = (file: string) => readFileSync(`/proc/${pid}/task/${file}`, "utf8");
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.map((id) => `${read(`${id}/stat`).slice(0, 40)} in ${read(`${id}/wchan`)}`).join("; ");
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 50));
