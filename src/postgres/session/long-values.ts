import type pg from "pg";

interface Attaching {
  attachListeners(stream: NodeJS.ReadableStream): void;
}

/**
 * A value that is longer than a string of V8 can be is thrown by the parser, in the middle of reading from the socket:
 * there it would end the process. Here it ends the connection instead, with what was thrown as the reason.
 */
export function surviveLongValues(client: pg.Client): void {
  const connection = client.connection as unknown as Attaching & { readonly stream: NodeJS.WritableStream };
  const attach = connection.attachListeners.bind(connection);
  connection.attachListeners = (stream) => {
    const socket = stream as NodeJS.ReadableStream & { destroy(error: unknown): void };
    const listen = socket.on.bind(socket);
    const guarded = (event: string | symbol, listener: (...args: unknown[]) => void) => {
      if (event !== "data") return listen(event, listener);
      return listen(event, (...args: unknown[]) => {
        try {
          listener(...args);
        } catch (error) {
          socket.destroy(error);
        }
      });
    };
    socket.on = guarded as typeof socket.on;
    try {
      attach(stream);
    } finally {
      socket.on = listen as typeof socket.on;
    }
  };
}
