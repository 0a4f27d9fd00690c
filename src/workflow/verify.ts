import { sameButForTouch } from "../merge/classify.js";
import { type Change, type PlannedRow, writtenKey } from "../model/change.js";
import { InterruptedError } from "../model/errors.js";
import type { ConnectionTarget } from "../model/settings.js";
import { keyObject, type Table } from "../model/table.js";
import { assertNever, type Key, type Row, type Value } from "../model/value.js";
import { lookUpRows } from "../postgres/look-up.js";
import { Session } from "../postgres/session.js";
import type { PlanStore } from "../store/plan-store.js";

/** How one planned row stands in `current`. */
export type RowState = "as planned" | "not written" | "moved";

export interface VerifyResult {
  readonly planId: string;
  readonly asPlanned: number;
  /** Still as the plan saw it: the patch has not reached it. */
  readonly notWritten: number;
  /** Neither: somebody changed it since. */
  readonly moved: number;
  /** The first rows that are not as planned, by table and key. */
  readonly rows: readonly {
    readonly table: string;
    readonly key: Readonly<Record<string, Value>>;
    readonly state: RowState;
  }[];
}

export interface VerifyOptions {
  readonly store: PlanStore;
  readonly current: ConnectionTarget;
  readonly signal?: AbortSignal | undefined;
}

const batchSize = 1000;
const listedRows = 1000;

/** Whether `current` is what the plan says, row by planned row. Reads only. */
export async function verify({ store, current, signal }: VerifyOptions): Promise<VerifyResult> {
  const header = await store.readHeader();
  const session = await Session.open({ role: "current", url: current.url, signal });
  try {
    await session.snapshot();
    const counts: Record<RowState, number> = { "as planned": 0, "not written": 0, moved: 0 };
    const rows: VerifyResult["rows"][number][] = [];
    for (const [at, table] of header.tables.entries()) {
      for await (const batch of store.rows({ table: at, anyChange: true }, batchSize)) {
        if (signal?.aborted === true) throw new InterruptedError();
        for (const [key, state] of await statesOf(session, table, batch)) {
          counts[state] += 1;
          const listed = state !== "as planned" && rows.length < listedRows;
          if (listed) rows.push({ table: table.label, key: keyObject(table, key), state });
        }
      }
    }
    const { "as planned": asPlanned, "not written": notWritten, moved } = counts;
    return { planId: header.planId, asPlanned, notWritten, moved, rows };
  } finally {
    await session.close();
  }
}

async function statesOf(
  session: Session,
  table: Table,
  batch: readonly PlannedRow[],
): Promise<readonly (readonly [Key, RowState])[]> {
  const keys = batch.map((row) => writtenKey(table, row));
  const found = await lookUpRows(session, table, keys);
  return batch.flatMap(({ change }, at) =>
    change === undefined ? [] : [[keys[at] as Key, stateOf(table, change, found[at])] as const],
  );
}

/** Touch columns do not count: a trigger may have stamped the row when the patch wrote it. */
function stateOf(table: Table, change: Change, found: Row | undefined): RowState {
  switch (change.kind) {
    case "insert":
      if (found === undefined) return "not written";
      return sameButForTouch(table, found, change.after) ? "as planned" : "moved";
    case "delete":
      if (found === undefined) return "as planned";
      return sameButForTouch(table, found, change.before) ? "not written" : "moved";
    case "update": {
      if (found === undefined) return "moved";
      const content = change.columns.filter((at) => !table.touch.includes(at));
      const says = (row: Row, columns: readonly number[]) => columns.every((at) => found[at] === row[at]);
      if (content.length > 0) {
        return says(change.after, content)
          ? "as planned"
          : says(change.before, content)
            ? "not written"
            : "moved";
      }
      // Nothing but a touch: whoever touched the row since is as good.
      return says(change.before, change.columns) ? "not written" : "as planned";
    }
    default:
      return assertNever(change);
  }
}
