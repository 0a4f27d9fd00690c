import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** An address that leads to one server, and later to another one. */
export interface Detour {
  readonly url: string;
  /** Cuts all connections; new ones go there. */
  leadTo(url: string): void;
  close(): void;
}

export async function detour(url: string): Promise<Detour> {
  let there = new URL(url);
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const server = connect(Number(there.port), there.hostname);
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => other.destroy());
      socket.pipe(other);
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  return {
    url: Object.assign(new URL(url), { port: String((proxy.address() as AddressInfo).port) }).href,
    leadTo: (next) => {
      there = new URL(next);
      cut();
    },
    close: () => {
      cut();
      proxy.close();
    },
  };
}
