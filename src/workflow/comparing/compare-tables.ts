import { isBag } from "../../model/bag.js";
import type { CompareMethod } from "../../model/plan.js";
import { digestFingerprint } from "../../postgres/read-digests.js";
import type { Sessions } from "../connect.js";
import type { Lineage } from "./choose-lineage.js";
import { compareBag } from "./compare-bag.js";
import { compareByDigests } from "./compare-digests.js";
import { streamTable } from "./compare-stream.js";
import { compareByVersions } from "./compare-versions.js";
import type { TableTask } from "./table-task.js";

export interface ComparedTable {
  readonly keys: number;
  readonly method: CompareMethod;
}

export interface Choice {
  /** Both servers make the same digest of the same row. */
  readonly digests: boolean;
  /** Which tables can be compared by row versions; undefined: none. */
  readonly lineage?: Lineage | undefined;
  /** For tests: not chosen by what is found. */
  readonly forced?: CompareMethod | undefined;
}

/**
 * Finds where `pre` and `post` of one table differ and keeps that in the store, in key order. By row versions where
 * that is proven and pays, by digests where they are exact and pay, else by reading all rows; the result is the same.
 */
export async function compareTable(
  task: TableTask,
  { digests, lineage, forced }: Choice,
): Promise<ComparedTable> {
  if (isBag(task.table)) return { keys: await compareBag(task, forced), method: "bag" };
  if (lineage?.tables.has(task.table.label)) {
    const keys = await compareByVersions(task, lineage.ancestry, forced === "lineage");
    if (keys !== undefined) return { keys, method: "lineage" };
  }
  // Nothing keeps a key of the config from being NULL or there twice: only reading all rows finds that out.
  if (digests && forced !== "stream" && task.table.keySource !== "config") {
    const keys = await compareByDigests(task, forced === "digest");
    if (keys !== undefined) return { keys, method: "digest" };
  }
  return { keys: await streamTable(task), method: "stream" };
}

/** Whether all servers make the same digest of the same row. Ask outside of a transaction. */
export async function digestsAgree({
  pre,
  post,
  between,
}: Pick<Sessions, "pre" | "post" | "between">): Promise<boolean> {
  const [first, ...others] = await Promise.all([pre, post, ...between].map(digestFingerprint));
  return first !== undefined && others.every((other) => other === first);
}
