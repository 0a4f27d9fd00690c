import type { TestProject } from "vitest/node";
import { type Server, startServer } from "../sample-data/server/start-server.js";

/** What a test process needs to know of the server of this run, as it cannot be handed the server itself. */
type ServerAddress = Pick<Server, "host" | "port" | "user" | "password">;

declare module "vitest" {
  interface ProvidedContext {
    readonly server: ServerAddress;
  }
}

/** One server a run. Starting one takes a second or two, cloning a database on it some hundredths of that. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer();
  const { host, port, user, password } = server;
  project.provide("server", { host, port, user, password });
  return () => server.stop();
}
