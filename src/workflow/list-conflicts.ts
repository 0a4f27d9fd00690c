import type { PlannedRow } from "../model/change.js";
import type { ConnectionTarget } from "../model/settings.js";
import { conflictsText } from "../report/conflicts-text.js";
import { conflictsJsonl } from "../report/jsonl/conflicts-jsonl.js";
import { type Summary, summarize } from "../report/summary.js";
import type { PlanStore } from "../store/plan-store.js";
import { type ConflictFilter, findConflicts } from "./deciding/find-conflicts.js";
import { redactedSummary, redactorOf, shownRows } from "./redaction.js";
import { openCurrent } from "./resolve.js";

export interface ListOptions {
  readonly store: PlanStore;
  /** Only asked where the filter has a `where`. */
  readonly current: ConnectionTarget;
  readonly filter: ConflictFilter;
  readonly format: "text" | "json";
  readonly signal?: AbortSignal | undefined;
}

/** The conflicts that are meant, open and decided, as chunks of text; and the summary of the plan as it stands. */
export async function listConflicts(
  options: ListOptions,
): Promise<{ readonly summary: Summary; readonly text: AsyncIterable<string> }> {
  const { store, format } = options;
  const header = await store.readHeader();
  const rows = shownRows(redactorOf(header), foundRows(options));
  const text = format === "json" ? conflictsJsonl(header, rows) : conflictsText(header, rows);
  return { summary: redactedSummary(header, summarize(header, await store.tallies())), text };
}

async function* foundRows({
  store,
  current,
  filter,
  signal,
}: ListOptions): AsyncGenerator<readonly PlannedRow[]> {
  const header = await store.readHeader();
  const session = filter.where === undefined ? undefined : await openCurrent(header, current, signal);
  try {
    for await (const batch of findConflicts(store, header, filter, session))
      yield batch.map(({ row }) => row);
  } finally {
    await session?.close();
  }
}
