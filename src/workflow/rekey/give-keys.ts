import type { Difference, Judged } from "../../model/change.js";
import { StrategyError } from "../../model/errors.js";
import { keyObject, keyOf } from "../../model/table.js";
import type { Row, Triple } from "../../model/value.js";
import type { Bench } from "../judging/bench.js";
import { openRow, type ToRekey } from "../judging/judge-row.js";

interface Case {
  readonly difference: Difference;
  readonly versions: Triple<Row | undefined>;
}

export type Keyed = Judged & { readonly rekeyed?: Row };

/**
 * Rows that are to have a new key get it. Where there is none to be had, the strategy that asked is blamed by name and
 * the row stays open.
 */
export async function giveKeys(
  bench: Bench,
  cases: readonly Case[],
  verdicts: readonly (Judged | ToRekey)[],
): Promise<readonly Keyed[]> {
  const asking = verdicts.flatMap((verdict, at) =>
    "by" in verdict ? [{ verdict, ...(cases[at] as Case) }] : [],
  );
  const requests = asking.map(({ difference: { key }, versions: { incoming } }) => ({
    key,
    row: incoming as Row,
  }));
  const answers = asking.length === 0 ? [] : await bench.newKeys.give(bench.tableIndex, requests);
  let asked = 0;
  return verdicts.map((verdict, at) => {
    const { difference, versions } = cases[at] as Case;
    if (!("by" in verdict)) return stillMoved(bench, difference, versions, verdict);
    const answer = answers[asked++] as Row | string;
    return typeof answer === "string"
      ? refused(bench, verdict, answer)
      : rekeyed(bench, difference, verdict, answer);
  });
}

function rekeyed({ table }: Bench, { key }: Difference, { conflict, reason }: ToRekey, after: Row): Keyed {
  const [old, own] = [key, keyOf(table, after)].map((of) => JSON.stringify(keyObject(table, of)));
  return {
    ...{
      outcome: "apply",
      change: { kind: "insert", after },
      decided: true,
      reason: undefined,
      rekeyed: after,
    },
    conflict: {
      ...conflict,
      resolution: "incoming",
      reason: `${reason}: it comes back as ${own}, for current has something else as ${old}`,
    },
  };
}

function refused({ table, onBlame }: Bench, { conflict, by }: ToRekey, why: string): Keyed {
  onBlame(
    new StrategyError(
      `strategy "${by.strategy.name}" (${by.where}) can give no new keys in ${table.label}: ${why}`,
    ),
  );
  return openRow(conflict);
}

/** A row that was given a key and, judged again, would not need it: others refer to it by that key. */
function stillMoved(
  { newKeys, tableIndex }: Bench,
  { key }: Difference,
  { incoming }: Case["versions"],
  judged: Judged,
): Keyed {
  if (judged.change?.kind !== "insert" || incoming === undefined) return judged;
  const after = newKeys.again(tableIndex, { key, row: incoming });
  return after === undefined ? judged : { ...judged, change: { kind: "insert", after }, rekeyed: after };
}
