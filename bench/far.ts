import { connect, createServer, type Server, type Socket } from "node:net";

/** A stand-in for a server far away: what is sent arrives half a round trip later, in order and at full speed. */
export interface Far {
  /** The URL by which a database is reached through it. */
  url(near: string): string;
  close(): void;
}

export async function farAway(host: string, port: number, roundTripMs: number): Promise<Far> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const target = connect(port, host);
    for (const [from, to] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(from);
      from.on("data", (chunk) => setTimeout(() => to.write(chunk), roundTripMs / 2));
      from.on("close", () => setTimeout(() => to.destroy(), roundTripMs));
      from.on("error", () => to.destroy());
    }
  });
  const farPort = await listen(server);
  return {
    url: (near) => {
      const url = new URL(near);
      url.port = String(farPort);
      return url.href;
    },
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}
