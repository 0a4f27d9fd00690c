import type { FoundSignatures } from "../../cli/tui/state/incident-places.js";
import { placeOf, type State } from "../../cli/tui/state/state.js";
import type { CallStep, PlannedSignature, RowStory, TimelineSummary } from "../../src/index.js";
import { conflictLine, onOverview, plan, small } from "./sample.js";
import { follow, press } from "./walk.js";

const nobody = { apply: 0, already: 0, conflict: 0, kept: 0, excluded: 0, skipped: 0 };

function signature(
  id: string,
  words: string,
  outcomes: Partial<PlannedSignature["outcomes"]>,
  more: Partial<PlannedSignature> = {},
): PlannedSignature {
  const counts = { ...nobody, ...outcomes };
  const rows = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const parts = Object.entries(outcomes).map(([outcome, count]) => ({
    ...{ outcome: outcome as keyof typeof nobody, rows: count, isFixed: false },
    isIncoming: outcome !== "kept" && outcome !== "excluded",
  }));
  return {
    ...{
      id,
      kind: "bulk",
      table: "public.device",
      operation: "update",
      rows,
      words,
      parts,
      outcomes: counts,
    },
    ...{ columns: [{ column: "release", transition: "to-null" }], beside: [], people: false, of: null },
    ...{ transactions: { count: 12, largest: [] }, keys: [], called: undefined, planned: undefined },
    ...more,
  };
}

/** A migration, what people did to the same column meanwhile, and rows that a rule of the config leaves out. */
export const signatures: readonly PlannedSignature[] = [
  signature(
    "S1",
    "1 302 rows of public.device: release → NULL, in 12 transactions between 2026-03-02 02:16:04 and 02:16:31",
    { apply: 1288, conflict: 14 },
  ),
  signature(
    "S2",
    "7 rows of public.device: release → NULL, as in S1, beneath other changes of the same rows (note)",
    { conflict: 7 },
    { kind: "overlaid", of: "S1", beside: ["note"] },
  ),
  signature(
    "S3",
    "5 rows of public.device: release changed, unlike S1, probably people's (id 3, 5, 8, …): each in a transaction of its own",
    { kept: 5 },
    { kind: "outliers", of: "S1", people: true },
  ),
  signature(
    "S4",
    "3 rows of public.tag deleted",
    { excluded: 2, kept: 1 },
    { kind: "untold", table: "public.tag", operation: "delete", transactions: null },
  ),
];

const found: FoundSignatures = { list: signatures, cannotPlan: undefined };

/** The same, called what is said. */
export function calledAs(said: Readonly<Record<string, PlannedSignature["called"]>>): FoundSignatures {
  const list = signatures.map((item) => (item.id in said ? { ...item, called: said[item.id] } : item));
  return { ...found, list };
}

export const callStep = (id: string, call: PlannedSignature["called"]): CallStep => ({
  before: new Map([[id, undefined]]),
  after: new Map([[id, call]]),
});

export function onSignatures(size = small, shown = found): State {
  const { state } = follow(onOverview(size), press("signatures"));
  return follow(state, { type: "signatures-read", place: placeOf(state).id, found: shown }).state;
}

export function onSignatureRows(size = small, name?: string): State {
  const { state } = follow(onSignatures(size), press("open"));
  const lines = Array.from({ length: 45 }, (_, at) => conflictLine(at, name).row);
  return follow(state, { type: "signature-rows-read", place: placeOf(state).id, from: 0, lines }).state;
}

const versions = (note: string) => ({
  pre: { id: "0", name: "device 0", release: "v1.2.3", note },
  post: { id: "0", name: "device 0", release: null, note },
  current: { id: "0", name: "device 0", release: "v1.3.0", note },
});

export const rowStory = (note = "a note"): RowStory => ({
  ...{ table: "public.device", key: { id: "0" }, incident: "update" },
  planned: versions(note),
  now: { current: { ...versions(note).current, release: "v1.4.0" } },
  differing: ["release"],
  transaction: { id: "812231", committedAt: "2026-03-02T02:16:04Z" },
  signature: { id: "S1", words: signatures[0]?.words ?? "" },
  rule: { number: 1, where: "called in pgmend review: S1", is: "damage" },
  ...{ outcome: "conflict", reason: null },
  conflict: {
    ...{ conflict: "c0", kind: "update/update", columns: ["release"], cause: null },
    ...{ resolution: null, reason: null, decided: null },
  },
  change: { operation: "update", columns: { release: { from: null, to: "v1.2.3" } } },
  sql: `UPDATE public.device SET release = 'v1.2.3'\nWHERE id = '0' AND release IS NULL;`,
  notes: ["post could not be asked: it is gone"],
});

export function onStory(size = small, note?: string): State {
  const { state } = follow(onSignatureRows(size), press("story"));
  const place = placeOf(state).id;
  return follow(state, { type: "story-read", place, from: "databases", story: rowStory(note) }).state;
}

const counted = (insert: number, update: number, remove: number) => ({ insert, update, delete: remove });

function interval(
  from: string,
  to: string,
  counts: ReturnType<typeof counted>,
  rows = 0,
  table = "public.device",
): TimelineSummary["intervals"][number] {
  const columns = [{ name: "release", transition: "to-null", value: null }] as const;
  const kind = { operation: "update", columns, rows: rows || counts.update } as const;
  const findings = rows === 0 ? [] : [{ ...kind, reason: "unusual", table, usual: 4 } as const];
  const changed = {
    table,
    rowsBefore: 9,
    rowsAfter: 9,
    counts,
    columns: [],
    kinds: [kind],
    otherKinds: 0,
    schema: [],
  };
  return { from, to, minutes: 4, counts, abnormal: rows > 0, findings, tables: [changed] };
}

export const timeline = (table?: string): TimelineSummary => ({
  ...{ formatVersion: 1, tool: { version: "0.1.0" }, abnormal: 2, open: 0, snapshots: [] },
  intervals: [
    interval("22:08", "22:12", counted(3, 10, 2)),
    { ...interval("22:12", "22:16", counted(1, 2019, 2), 1982, table), minutes: 2 },
    interval("22:16", "22:20", counted(1, 2030, 2), 1928, table),
    interval("22:20", "22:24", counted(2, 115, 0)),
  ],
  suggestions: [{ pre: "22:12", post: "22:20", command: "pgmend plan …" }],
  ...{ tables: [], leftOut: [], warnings: [] },
});

const withTimeline = (size = small): State => ({
  ...onOverview(size),
  plan: { ...plan, timeline: "recovery/timeline.json" },
});

export function onTimeline(size = small, table?: string): State {
  const { state } = follow(withTimeline(size), press("timeline"));
  return follow(
    state,
    { type: "timeline-read", place: placeOf(state).id, timeline: timeline(table) },
    press("down"),
  ).state;
}
