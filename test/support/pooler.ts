import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import pg from "pg";
import { afterAll } from "vitest";

/** Everything that was opened here is closed when the test file is done. */
const closing: (() => unknown)[] = [];
afterAll(() => Promise.all(closing.map((close) => close())));

/**
 * A connection pooler as small as can be, before one database: clients are let in without a word, and get one of a few
 * server sessions for a transaction, or for as long as they stay.
 *
 * @returns the URL of the database through the pooler
 */
export async function startPooler(url: string, mode: "transaction" | "session", size = 3): Promise<string> {
  const idle: Backend[] = [];
  for (let at = 0; at < size; at += 1) idle.push(await openBackend(url));
  const waiting: ((backend: Backend) => void)[] = [];
  const take = () =>
    new Promise<Backend>((resolve) => {
      // The last one that was given back comes first, as in PgBouncer.
      const backend = idle.pop();
      if (backend === undefined) waiting.push(resolve);
      else resolve(backend);
    });
  const giveBack = (backend: Backend) => {
    const next = waiting.shift();
    if (next === undefined) idle.push(backend);
    else next(backend);
  };
  const pooler = createServer((socket) => serve(socket, mode, take, giveBack)).listen(0, "127.0.0.1");
  closing.push(() => pooler.close());
  await once(pooler, "listening");
  const through = new URL(url);
  through.host = `127.0.0.1:${(pooler.address() as AddressInfo).port}`;
  return through.href;
}

/** A server session: its raw stream, after `pg` has logged it in. */
type Backend = Socket;

async function openBackend(url: string): Promise<Backend> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  client.on("error", () => undefined);
  const stream = client.connection.stream as Socket;
  stream.removeAllListeners("data");
  closing.push(() => stream.destroy());
  return stream;
}

function serve(
  socket: Socket,
  mode: "transaction" | "session",
  take: () => Promise<Backend>,
  giveBack: (backend: Backend) => void,
): void {
  closing.push(() => socket.destroy());
  let backend: Backend | undefined;
  let letIn = false;
  const toClient = (chunk: Buffer) => {
    socket.write(chunk);
    if (mode === "transaction" && isIdle(chunk)) release();
  };
  const release = () => {
    const mine = backend;
    backend = undefined;
    mine?.off("data", toClient);
    if (mine !== undefined) giveBack(mine);
  };
  socket.on("error", () => undefined);
  socket.on("close", release);
  let turn = Promise.resolve();
  socket.on("data", (chunk) => {
    turn = turn.then(async () => {
      if (!letIn) {
        letIn = true;
        socket.write(welcome());
      } else if (chunk[0] !== "X".charCodeAt(0)) {
        backend ??= (await take()).on("data", toClient);
        backend.write(chunk);
      }
    });
  });
}

/** ReadyForQuery, with no transaction under way; it ends what the server sends. */
function isIdle(chunk: Buffer): boolean {
  return chunk.subarray(-6).equals(Buffer.from("Z\0\0\0\u0005I", "latin1"));
}

let clients = 0;

/** AuthenticationOk, a BackendKeyData of our own, ReadyForQuery. */
function welcome(): Buffer {
  clients += 1;
  const key = Buffer.from("K\0\0\0\u000c\0\0\0\0\0\0\0\0", "latin1");
  key.writeInt32BE(1_000_000_000 + clients, 5);
  return Buffer.concat([
    Buffer.from("R\0\0\0\u0008\0\0\0\0", "latin1"),
    key,
    Buffer.from("Z\0\0\0\u0005I", "latin1"),
  ]);
}
