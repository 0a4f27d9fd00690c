import { hasWrapped, mayBeCopies, printAlike } from "../../merge/lineage/ancestry.js";
import { type CommitTimes, lastShared, windowLength, windowsBetween } from "../../merge/lineage/find-fork.js";
import { QueryError } from "../../model/errors.js";
import type { Ancestry, ServerFacts } from "../../model/lineage.js";
import { readCommitTimes, readServerFacts, shareServer } from "../../postgres/lineage/ancestry.js";
import type { Session } from "../../postgres/session/session.js";
import type { Readers } from "./open-readers.js";

/** Or why it is not proven, in words; undefined: nothing speaks for it, so there is nothing to tell. */
export interface FoundAncestry {
  readonly ancestry?: Ancestry | undefined;
  readonly why?: string | undefined;
}

/**
 * What is proven of the history that two databases have in common (docs/lineage.md has the proof). Ask outside of a
 * transaction.
 *
 * @throws QueryError
 */
export async function findAncestry({ pre, post }: Readers): Promise<FoundAncestry> {
  const [before, after] = await Promise.all([readServerFacts(pre), readServerFacts(post)]);
  if (!printAlike(before, after)) return {};
  if (await shareServer(pre, post)) return hasWrapped(before, after) ? {} : { ancestry: { fork: undefined } };
  if (!mayBeCopies(before, after)) return {};
  if (!before.commitTimes || !after.commitTimes) {
    return {
      why: "only commit times can prove what two servers share, and track_commit_timestamp is not on in both",
    };
  }
  // What is set is not always so: a standby keeps no times where its primary keeps none.
  const fork = await findFork([pre, post], [before, after]).catch(noProof);
  return fork === undefined
    ? { why: "no commit times prove what the two servers share" }
    : { ancestry: { fork: String(fork & 0xffff_ffffn) } };
}

/** What a server does not answer proves nothing; any other error is ours. */
export function noProof(error: unknown): undefined {
  if (!(error instanceof QueryError)) throw error;
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
