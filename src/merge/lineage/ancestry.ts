import type { ServerFacts } from "../../model/lineage.js";

/**
 * Whether the same bytes print the same on both, as far as servers decide it. Another minor version may print another
 * way; other encodings go through conversions, which anybody may define. Servers before 14 cannot scan a range of pages.
 */
export function printAlike(pre: ServerFacts, post: ServerFacts): boolean {
  const isNew = pre.versionNumber >= 140_000 && post.versionNumber >= 140_000;
  return isNew && pre.version === post.version && pre.encoding === "UTF8" && post.encoding === "UTF8";
}

/** Rows keep 32 bits of their transaction, and on one server nothing tells when those came round again. */
export function hasWrapped(...facts: readonly ServerFacts[]): boolean {
  return facts.some(({ next }) => next >= 2n ** 32n);
}

/** False only where both say so. */
export function mayBeCopies({ systemIdentifier: one }: ServerFacts, other: ServerFacts): boolean {
  return one === undefined || other.systemIdentifier === undefined || one === other.systemIdentifier;
}
