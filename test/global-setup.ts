import type { TestProject } from "vitest/node";
import { type Server, startServer } from "../sample-data/server/start-server.js";
import { binariesOf, type Major, newest, requestedMajors } from "./matrix/binaries.js";

/** What a test process needs to know of a server of this run, as it cannot be handed the server itself. */
export type ServerAddress = Pick<Server, "host" | "port" | "user" | "password"> & { readonly major: Major };

declare module "vitest" {
  interface ProvidedContext {
    /** For `pre`, `post` and `current`: one server three times, but where the matrix mixes them. */
    readonly servers: readonly [ServerAddress, ServerAddress, ServerAddress];
  }
}

/** One server a run. Starting one takes a second or two, cloning a database on it some hundredths of that. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const majors = requestedMajors();
  const started = new Map<Major, Server>();
  const stop = async () => {
    await Promise.all([...started.values()].map((server) => server.stop()));
  };
  try {
    for (const major of new Set(majors)) started.set(major, await start(major));
  } catch (error) {
    await stop();
    throw error;
  }
  const address = (major: Major): ServerAddress => {
    const { host, port, user, password } = started.get(major) as Server;
    return { host, port, user, password, major };
  };
  const [pre, post, current] = majors;
  project.provide("servers", [address(pre), address(post), address(current)]);
  return stop;
}

async function start(major: Major): Promise<Server> {
  return startServer(major === newest ? {} : { binaries: await binariesOf(major) });
}
