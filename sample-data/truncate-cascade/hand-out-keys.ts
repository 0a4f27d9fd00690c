import { GeneratedKey, type World } from "./generated-key.js";
import type { Tracker } from "./rows.js";
import type { Step } from "./step.js";

type Table = GeneratedKey["table"];

/** A row of `post` that comes back under another key. */
export interface Rekeyed {
  readonly table: Table;
  readonly from: number;
  readonly to: number;
}

export interface HandedOut {
  readonly rekeyed: readonly Rekeyed[];
  /** Where the sequences of `truth` stand in the end. */
  readonly last: Readonly<Record<Table, number>>;
}

/**
 * Hands out keys in the order of time, on the damaged database and, again from 04:47, on the restored one. A row of
 * the window that comes back keeps its id unless the restored database gave it to something else; then it gets one
 * past all that either has handed out, in the order of the old ids.
 */
export function handOutKeys(steps: readonly Step[], tracker: Tracker): HandedOut {
  const parts = (["issue", "notification"] as const).map((table) => {
    const keys = steps.flatMap(({ request: { hands }, worlds, inVain }) =>
      hands?.table === table ? [{ key: hands, returns: worlds.includes("truth"), inVain }] : [],
    );
    const last = Math.max(...tracker[table].map(({ id }) => id));
    return { table, ...handOut(keys, last) };
  });
  return {
    rekeyed: parts.flatMap(({ table, moved }) => moved.map(([from, to]) => ({ table, from, to }))),
    last: Object.fromEntries(parts.map(({ table, last }) => [table, last])) as Record<Table, number>,
  };
}

interface Handed {
  readonly key: GeneratedKey;
  readonly returns: boolean;
  readonly inVain: boolean;
}

function handOut(keys: readonly Handed[], last: number) {
  const homes = { lost: [] as Handed[], current: [] as Handed[] };
  for (const entry of keys) {
    const { home } = entry.key;
    entry.key.hand(home, last + homes[home].push(entry));
  }
  for (const { key } of homes.current) key.hand("truth", key.in("current"));
  const rivals = homes.current.length;
  const past = last + Math.max(homes.lost.length, rivals);
  const clashing = homes.lost.slice(0, rivals).filter(({ inVain }) => !inVain);
  const moving = clashing.filter(({ returns }) => returns);
  if (clashing.some(({ returns }, at) => returns && at >= moving.length)) {
    throw new Error("a row that stays away comes before one that returns: would it be given a new key?");
  }
  for (const [at, { key }] of moving.entries()) key.hand("truth", past + at + 1);
  for (const { key, returns } of homes.lost.slice(rivals)) if (returns) key.hand("truth", key.in("lost"));
  return {
    moved: moving.map(({ key }) => [key.in("lost"), key.in("truth")] as const),
    last: past + moving.length,
  };
}

/** What a request gives a database: keys as that database knows them. */
export function valueIn(world: World, value: unknown): unknown {
  return value instanceof GeneratedKey ? value.in(world) : value;
}
