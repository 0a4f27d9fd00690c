import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";

export interface Measured {
  readonly seconds: number;
  /** Peak resident memory of the process, in MB; undefined where the system does not tell. */
  readonly peakMb: number | undefined;
  /** Processor time of the process itself; 0 where the system does not tell. */
  readonly cpuSeconds: number;
  readonly exitCode: number;
  readonly stderr: string;
}

/** Runs a whole process and measures it from outside. */
export async function measureProcess(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<Measured> {
  const started = performance.now();
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  let peakMb: number | undefined;
  let cpuSeconds = 0;
  // The kernel keeps the high-water mark: the last look before the end is enough.
  const look = setInterval(async () => {
    peakMb = (await highWaterMark(child.pid)) ?? peakMb;
    cpuSeconds = (await processorTimes(child.pid ?? 0)).own || cpuSeconds;
  }, 50);
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
  clearInterval(look);
  return { seconds: (performance.now() - started) / 1000, peakMb, cpuSeconds, exitCode, stderr };
}

async function highWaterMark(pid: number | undefined): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}

/** Processor time of a process so far, in seconds: its own, and that of children that have ended. */
export async function processorTimes(
  pid: number,
): Promise<{ readonly own: number; readonly children: number }> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The kernel counts in hundredths of a second.
  const ticks = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 15)
    .map(Number);
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = ticks;
  return { own: (user + system) / 100, children: (childrenUser + childrenSystem) / 100 };
}
