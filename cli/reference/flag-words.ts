import { conflictKinds, operations } from "../../src/index.js";

/** Flags that take one of a few words, the same ones in every command. Completion offers them, docs/cli.md lists them. */
export const flagWords: Readonly<Record<string, readonly string[]>> = {
  "--mode": ["undo", "replay"],
  "--damage": operations,
  "--granularity": ["row", "cell"],
  "--triggers": ["fire", "disable"],
  "--kind": conflictKinds,
  "--take": ["current", "incoming", "base"],
  "--on-drift": ["stop", "skip"],
  "--story": ["device-unpinning", "truncate-cascade"],
};
