import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { frame } from "../../cli/tui/screens/frame.js";
import type { Ended } from "../../cli/tui/state/recovery-places.js";
import type { Size, State } from "../../cli/tui/state/state.js";
import { placeOf } from "../../cli/tui/state/state.js";
import { lineText } from "../../cli/tui/text/line.js";
import { width } from "../../cli/tui/text/measure.js";
import type { Cause, RehearseResult, VerifyResult } from "../../src/index.js";
import { hasHidden } from "../../src/model/visible.js";
import { conflictLine, detail, large, onConnect, onOverview, plan, small, step } from "./sample.js";
import { calledAs, onSignatureRows, onSignatures, onStory, onTimeline } from "./sample-incident.js";
import {
  typed as answered,
  applied,
  approved,
  asked,
  changed,
  offPlan,
  onRecovery,
  rehearsed,
  stopped,
  verified,
  writing,
  writtenInPart,
} from "./sample-recovery.js";
import { follow, onGroups, onPatch, onRow, onRows, press } from "./walk.js";

/** Everything a terminal, a font or a person can be misled by. */
const hostile =
  "\u001b[2J\u001b]0;gone\u0007 line\nbreak\ttab \u202eright-to-left\u202c שלום مرحبا 日本語の値 👩‍👩‍👧‍👦 🇩🇪 ❤️ e\u0301 \u200b\ud800 " +
  "x".repeat(5000);

/** Each screen there is, and each state of it that a person can get into. */
const screens: readonly (readonly [name: string, at: (size: Size) => State])[] = [
  ["connect", onConnect],
  ["connect-errors", connectWithErrors],
  ["scan", scanning],
  ["overview", onOverview],
  [
    "overview-empty",
    (size) => ({
      ...onOverview(size),
      plan: { ...plan, overview: { ...plan.overview, tallies: [], conflicts: [] } },
    }),
  ],
  [
    "groups",
    (size) =>
      follow(onGroups(size), { type: "decided", decided: { step: step(14), what: "take current" } }).state,
  ],
  ["groups-nothing-found", (size) => typed(onGroups(size), "search", "nowhere")],
  ["rows", onRows],
  ["rows-hostile", rowsOfHostileValues],
  ["row", onRow],
  ["row-decided", decidedRow],
  ["row-hostile", (size) => follow(onRow(size, hostile), press("all-columns")).state],
  ["row-relatives", relatives],
  ["row-causes", (size) => withCauses(size)],
  ["details", (size) => follow(withCauses(size), press("open")).state],
  [
    "details-hostile",
    (size) => follow(onRow(size, hostile), press("all-columns"), press("down"), press("open")).state,
  ],
  [
    "row-edit",
    (size) =>
      follow(follow(onRow(size), press("edit")).state, {
        type: "value-refused",
        error: '"x" is no value for integer',
      }).state,
  ],
  [
    "patch",
    (size) => onPatch(size, ["-- pgmend patch: takes back what the incident did", "BEGIN;", `-- ${hostile}`]),
  ],
  ["signatures", (size) => onSignatures(size)],
  ["signatures-called", (size) => onSignatures(size, calledAs({ S1: "legitimate", S3: "damage" }))],
  [
    "signatures-called-offline",
    (size) => onSignatures(size, { ...calledAs({ S2: "damage" }), cannotPlan: "give --pre URL" }),
  ],
  ["signature-rows", (size) => onSignatureRows(size)],
  ["signature-rows-hostile", (size) => onSignatureRows(size, hostile)],
  ["story", (size) => onStory(size)],
  ["story-hostile", (size) => follow(onStory(size, hostile), press("last")).state],
  ["timeline", (size) => onTimeline(size)],
  ["timeline-hostile", (size) => onTimeline(size, hostile)],
  ["mend", (size) => onRecovery(size)],
  ["mend-written-in-part", (size) => ({ ...onRecovery(size, writtenInPart), verdicts })],
  ["mend-changed", (size) => follow(onRecovery(size, changed), press("down"), press("down")).state],
  ["rehearse-question", rehearseQuestion],
  ["rehearse-over", (size) => rehearsal(size, rehearsed)],
  ["approve", (size) => follow(onRecovery(size, changed), press("approve")).state],
  ["approve-signed", (size) => follow(onRecovery(size, approved), press("approve")).state],
  ["apply-question", asked],
  ["apply-refused", (size) => answered(asked(size, "rollback"), "y")],
  ["apply-writing", writing],
  ["apply-pausing", (size) => follow(writing(size), press("pause")).state],
  ["apply-stopped", (size) => over(writing(size), { kind: "stopped" })],
  ["apply-failed", (size) => over(writing(size), { kind: "failed", lines: [hostile, resumable] })],
  ["apply-moved", (size) => over(writing(size), { kind: "applied", result: stopped })],
  ["apply-done", (size) => over(writing(size), { kind: "applied", result: applied })],
  ["apply-help", (size) => follow(writing(size), press("help")).state],
  ["verify-done", (size) => verification(size, verified)],
  ["verify-off", (size) => verification(size, offPlan)],
  ["help", (size) => follow(onRow(size), press("help")).state],
];

const resumable = "hint: what was written is safe and in the journal; run the same command again to go on";
const verdicts = { rehearse: { tone: "good", text: "1 280 rows would be written" } } as const;

function over(state: State, ended: Ended): State {
  return follow(state, { type: "run-ended", place: placeOf(state).id, ended }).state;
}

function rehearsal(size: Size, result: RehearseResult): State {
  return over(answered(follow(onRecovery(size), press("rehearse")).state, ""), { kind: "rehearsed", result });
}

function rehearseQuestion(size: Size): State {
  const url = "postgresql://ann:geheim@clone:5432/fleet";
  return follow(onRecovery(size), press("rehearse"), { type: "type", edit: { kind: "insert", text: url } })
    .state;
}

function verification(size: Size, result: VerifyResult): State {
  return over(follow(onRecovery(size), press("verify")).state, { kind: "verified", result });
}

const sizes = [
  ["80x24", small],
  ["250x80", large],
] as const;

describe.each(sizes)("at %s", (label, size) => {
  it.each(screens)("%s looks as it did", async (name, at) => {
    const text = textOf(at(size));
    await expect(text).toMatchFileSnapshot(join(import.meta.dirname, "screens", `${name}.${label}.txt`));
  });
});

describe.each([
  [40, 10],
  [80, 24],
  [120, 30],
  [250, 80],
])("at %i columns and %i rows", (columns, rows) => {
  it.each(screens)("%s fits", (_, at) => {
    const lines = frame(at({ columns, rows }), true);
    if (rows >= 24) expect(lines).toHaveLength(rows - 1);
    for (const line of lines) expect(width(lineText(line))).toBeLessThanOrEqual(columns - 2);
  });

  it.each(screens)("%s shows nothing that drives a terminal", (_, at) => {
    for (const line of frame(at({ columns, rows }), true)) expect(hasHidden(lineText(line))).toBe(false);
  });
});

function textOf(state: State): string {
  const lines = frame(state, false).map((line) => {
    const text = lineText(line);
    return `${line.selected === true ? "> " : "  "}${text}`.trimEnd();
  });
  return `${lines.join("\n")}\n`;
}

function typed(state: State, command: "search", text: string): State {
  const asked = follow(state, press(command), { type: "type", edit: { kind: "insert", text } }).state;
  return follow(asked, press("accept")).state;
}

function connectWithErrors(size: Size): State {
  const url = "postgresql://reader:geheim@db1:5432/before";
  const filled = follow(
    onConnect(size),
    { type: "type", edit: { kind: "insert", text: url } },
    press("accept"),
  ).state;
  return follow(filled, {
    type: "scan-failed",
    errors: [
      { field: "pre", text: "pre: db1:5432 refuses the connection\nhint: is the server running there?" },
      {
        field: "current",
        text: "no connection; give --current URL, PGMEND_CURRENT, or connections.current in the config",
      },
    ],
  }).state;
}

/** More than are seen at 80×24, of some of which nothing is known. */
const toScan = [
  { table: "public.organization", rows: 12_000 },
  { table: "public.device", rows: 4_800_000 },
  ...Array.from({ length: 18 }, (_, at) => ({
    table: `public.part_${at}`,
    rows: at % 7 === 3 ? undefined : 1000 * at,
  })),
];

function scanning(size: Size): State {
  const rows = (table: string, done: number) =>
    ({ kind: "rows", phase: "compare", table, tableNumber: 1, tables: 20, done, total: 5_000_000 }) as const;
  return follow(
    onConnect(size),
    ...[press("accept"), { type: "told", progress: { kind: "step", text: "connecting" }, at: 1 } as const],
    { type: "told", progress: { kind: "warning", text: "no rule says what is damage" }, at: 2 },
    { type: "told", progress: { kind: "tables", phase: "compare", tables: toScan }, at: 3 },
    ...[{ type: "told", progress: rows("public.organization", 0), at: 1001 } as const],
    { type: "told", progress: rows("public.organization", 12_345), at: 1101 },
    { type: "told", progress: rows("public.device", 12_345), at: 1201 },
    { type: "told", progress: rows("public.device", 2_512_345), at: 6001 },
  ).state;
}

function rowsOfHostileValues(size: Size): State {
  const state = onRows(size);
  const lines = [
    conflictLine(0, hostile),
    ...Array.from({ length: 13 }, (_, at) => conflictLine(at + 1)),
  ].map(({ row, decision }) => ({
    decision,
    row: {
      ...row,
      key: [row.position === 0 ? hostile : (row.key[0] ?? "")],
      pre: row.pre?.with(2, row.position === 0 ? hostile : "v1"),
    },
  }));
  return follow(state, { type: "rows-read", place: placeOf(state).id, from: 0, lines }).state;
}

function decidedRow(size: Size): State {
  const state = onRow(size);
  const decision = {
    conflict: "c0",
    table: "public.device",
    key: { id: "0" },
    kind: "update/update",
    resolution: "incoming",
    reason: "ticket 4711",
    by: "ann",
    at: "2026-03-02T04:00:00Z",
    fingerprint: "f",
  } as const;
  return follow(state, { type: "row-read", place: placeOf(state).id, detail: { ...detail(0), decision } })
    .state;
}

/** A row that waits for others, with a tenant and an actor. */
function withCauses(size: Size): State {
  const state = onRow(size);
  const { row, ...line } = detail(0);
  const causes: readonly Cause[] = [
    { table: "public.issue", key: { id: "4" }, operation: "insert", outcome: "conflict", kind: "unique" },
    { table: "public.team", key: { id: "9" }, operation: "insert", outcome: "skipped" },
    { table: "public.member", key: { team: hostile, person: null }, outcome: "missing", omitted: 17 },
    {
      table: "public.user",
      key: { id: "2" },
      operation: "insert",
      outcome: "excluded",
      reason: "signs up again",
    },
  ];
  const conflict = row.conflict && {
    ...row.conflict,
    kind: "foreign-key",
    cause: "it refers to public.issue 4",
  };
  const told = { ...line, row: { ...row, conflict, causes, tenant: "acme", actor: hostile } };
  return follow(state, { type: "row-read", place: placeOf(state).id, detail: told }).state;
}

function relatives(size: Size): State {
  const state = follow(onRow(size), press("relatives")).state;
  const relative = { constraint: "device_belongs_to", columns: ["belongs_to"], planned: undefined } as const;
  return follow(state, {
    ...{ type: "relatives-read", place: placeOf(state).id },
    relatives: {
      rows: [
        { ...relative, relation: "parent", table: "public.application", key: ["17"], inCurrent: true },
        {
          ...{ ...relative, relation: "child", table: "public.tag", key: ["4"], inCurrent: false },
          planned: { position: 9, operation: "delete", outcome: "conflict" },
        },
      ],
      ...{ more: true, withoutCurrent: undefined },
    },
  }).state;
}
