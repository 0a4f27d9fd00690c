import { type CommitTimes, lastShared, windowLength, windowsBetween } from "../merge/find-fork.js";
import type { Ancestry } from "../model/lineage.js";
import { readCommitTimes, readServerFacts, type ServerFacts, shareServer } from "../postgres/ancestry.js";
import type { Session } from "../postgres/session.js";
import type { Readers } from "./open-readers.js";

/** Or why it is not proven, in words; undefined: nothing speaks for it, so there is nothing to tell. */
export type FoundAncestry =
  | { readonly ancestry: Ancestry }
  | { readonly ancestry?: undefined; readonly why: string | undefined };

/**
 * What is proven of the history that two databases have in common (docs/lineage.md has the proof). Ask outside of a
 * transaction.
 *
 * @throws QueryError
 */
export async function findAncestry({ pre, post }: Readers): Promise<FoundAncestry> {
  const facts = [await readServerFacts(pre), await readServerFacts(post)] as const;
  const [before, after] = facts;
  const no = (why?: string) => ({ why });
  if (facts.some(({ versionNumber }) => versionNumber < 140_000)) return no();
  if (before.version !== after.version) return no();
  if (facts.some(({ encoding }) => encoding !== "UTF8")) return no();
  if (await shareServer(pre, post)) {
    // What was frozen keeps its 32 bits, and they come round again.
    const wrapped = facts.some(({ next }) => next >= 2n ** 32n);
    return wrapped ? no() : { ancestry: { fork: undefined } };
  }
  if (isKnownToDiffer(facts)) return no();
  if (!facts.every(({ commitTimes }) => commitTimes)) {
    return no(
      "only commit times can prove what two servers share, and track_commit_timestamp is not on in both",
    );
  }
  const fork = await findFork([pre, post], facts).catch(() => undefined);
  return fork === undefined
    ? no("no commit times prove what the two servers share")
    : { ancestry: { fork: String(fork & 0xffff_ffffn) } };
}

function isKnownToDiffer([pre, post]: readonly [ServerFacts, ServerFacts]): boolean {
  const [one, other] = [pre.systemIdentifier, post.systemIdentifier];
  return one !== undefined && other !== undefined && one !== other;
}

/** Beyond it, ages of transactions come round. */
const farthest = 2n ** 31n - 2n ** 24n;

/**
 * The first transaction that is not proven to be the same on both servers: those committed before two copies went each
 * its own way have one commit time.
 */
async function findFork(
  sessions: readonly [Session, Session],
  [pre, post]: readonly [ServerFacts, ServerFacts],
): Promise<bigint | undefined> {
  const newest = pre.next > post.next ? pre.next : post.next;
  let low = newest - farthest > 3n ? newest - farthest : 3n;
  let high = pre.next < post.next ? pre.next : post.next;
  let fork: bigint | undefined;
  // Nothing may have happened since: the last ones first.
  const last = high - BigInt(windowLength);
  let starts: readonly bigint[] = last > low ? [last] : [low];
  while (starts.length > 0) {
    const [before, after] = await askBoth(sessions, starts);
    const shared = starts.map((_, at) => lastShared(before[at] ?? [], after[at] ?? []));
    const found = shared.findLastIndex((last) => last !== undefined);
    const [start, last] = [starts[found], shared[found]];
    if (start !== undefined && last !== undefined) {
      fork = start + BigInt(last) + 1n;
      low = start;
    }
    high = starts[found + 1] ?? high;
    starts = high - low > BigInt(windowLength) ? windowsBetween(low, high) : [];
  }
  return fork;
}

async function askBoth(
  [pre, post]: readonly [Session, Session],
  starts: readonly bigint[],
): Promise<readonly [readonly CommitTimes[], readonly CommitTimes[]]> {
  return Promise.all([
    readCommitTimes(pre, starts, windowLength),
    readCommitTimes(post, starts, windowLength),
  ]);
}
