#!/usr/bin/env node
import { runProgram } from "./program.js";

// Everything pgmend writes holds data of the databases: for its owner only.
process.umask(0o077);

const interrupted = new AbortController();
let asked = 0;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    asked += 1;
    if (asked > 1) process.exit(130);
    process.stderr.write("\ninterrupted; cleaning up (once more to leave at once)\n");
    interrupted.abort();
  });
}

// A reader that closes early (`pgmend plan --json | head`) is no fault of ours, and the recovery folder is not for it.
// Nor is a terminal that is closed: what is being written to a database is still brought to a safe end.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
  });
}

process.exitCode = await runProgram(process.argv.slice(2), {
  input: process.stdin,
  out: process.stdout,
  err: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  signal: interrupted.signal,
});
