import { InterruptedError } from "../model/errors.js";
import type { ConnectionTarget } from "../model/settings.js";
import { keyObject } from "../model/table.js";
import type { Value } from "../model/value.js";
import { Session } from "../postgres/session.js";
import type { PlanStore } from "../store/plan-store.js";
import { type RowState, statesOf } from "./row-states.js";

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
        for (const { row, state } of await statesOf(session, header.tables, batch)) {
          counts[state] += 1;
          const listed = state !== "as planned" && rows.length < listedRows;
          if (listed) rows.push({ table: table.label, key: keyObject(table, row.key), state });
        }
      }
    }
    const { "as planned": asPlanned, "not written": notWritten, moved } = counts;
    return { planId: header.planId, asPlanned, notWritten, moved, rows };
  } finally {
    await session.close();
  }
}
