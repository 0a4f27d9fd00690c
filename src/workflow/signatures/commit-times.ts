import { commitTimes, keepsCommitTimes } from "../../postgres/transactions.js";
import type { Work } from "../work.js";

/** Transactions asked about in one query. */
const askedAtOnce = 10_000;

/** Keeps when the delta's transactions were committed, where `post` has `track_commit_timestamp` on. */
export async function keepTimes({ sessions, store, signal }: Pick<Work, "sessions" | "store" | "signal">) {
  if (!(await keepsCommitTimes(sessions.post))) return;
  for (let after = ""; signal?.aborted !== true; ) {
    const transactions = await store.times.page(after, askedAtOnce);
    const last = transactions.at(-1);
    if (last === undefined) return;
    const found = await commitTimes(sessions.post, transactions);
    await store.times.add(
      transactions.flatMap((transaction, order) => {
        const at = found[order];
        return at === undefined ? [] : [{ transaction, at }];
      }),
    );
    after = last;
  }
}
