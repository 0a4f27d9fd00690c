import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";

export interface Measured {
  readonly seconds: number;
  /** Peak resident memory of the process, in MB; undefined where the system does not tell. */
  readonly peakMb: number | undefined;
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
  // The kernel keeps the high-water mark: the last look before the end is enough.
  const look = setInterval(async () => {
    peakMb = (await highWaterMark(child.pid)) ?? peakMb;
  }, 50);
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
  clearInterval(look);
  return { seconds: (performance.now() - started) / 1000, peakMb, exitCode, stderr };
}

async function highWaterMark(pid: number | undefined): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}
