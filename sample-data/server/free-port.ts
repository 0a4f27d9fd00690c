import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/**
 * Below the range that systems give to outgoing connections. Otherwise a client that reconnects while the server is
 * down may be given the server's own port, connect to itself and keep the server from coming back.
 */
const FIRST = 20_000;
const LAST = 32_000;
const TRIES = 100;

/** A port that is free now. Another process may still be faster to it, so starting on it can fail. */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const port = randomInt(FIRST, LAST);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port between ${FIRST} and ${LAST}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
