import type { Change } from "../../../src/model/change.js";
import type { Trigger } from "../../../src/model/table.js";
import { keyOf, type Table } from "../../../src/model/table.js";
import type { PatchHead } from "../../../src/sql/patch/preamble.js";
import type { KeyedChange, PatchStep } from "../../../src/sql/patch/step.js";
import { type PatchParts, writePatch } from "../../../src/sql/patch/write-patch.js";
import { at, type DeviceCells, device, deviceTable } from "../tables.js";

export const head: PatchHead = {
  direction: "patch",
  planId: "0b3f5a52-9d5e-4f3c-a0a6-2d2f5f0c7a11",
  mode: "undo",
  createdAt: "2024-03-01T03:12:45.000Z",
  toolVersion: "0.1.0",
  snapshots: ["current: fleet on db1:5432, PostgreSQL 16.2, as of 2024-03-01T03:10:00Z"],
  contents: ["public.device: 1 update"],
  leftOut: [],
  triggers: [],
  sequences: [],
  database: "fleet",
  systemIdentifier: "7123456789012345678",
};

export function stepOf(table: Table, changes: readonly Change[], columns?: readonly number[]): PatchStep {
  const kind = changes[0]?.kind ?? "insert";
  const keyed = changes.map((change, position): KeyedChange => {
    const row = change.kind === "insert" ? change.after : change.before;
    return { position, key: keyOf(table, row), change };
  });
  return {
    table,
    kind,
    columns: columns ?? table.columns.map((_, position) => position),
    rows: changes.length,
    role: "change",
    async *changes() {
      yield keyed;
    },
  };
}

/** An update of one device, from these cells to those. */
export function updateOf(from: DeviceCells, to: DeviceCells, table = deviceTable): PatchStep {
  const columns = Object.keys(to).map((name) => at(table, name));
  return stepOf(
    table,
    [{ kind: "update", before: device(from), after: device({ ...from, ...to }), columns }],
    columns,
  );
}

export async function patchText(
  steps: readonly PatchStep[],
  more: Partial<PatchParts> = {},
): Promise<string> {
  const parts: PatchParts = {
    head,
    steps,
    triggers: [],
    triggerPolicy: "fire",
    invariants: [],
    sequences: [],
    touchWrite: "restore",
    ...more,
  };
  let text = "";
  for await (const chunk of writePatch(parts)) text += chunk;
  return text;
}

/** What psql sends to the server: everything from BEGIN on. */
export function bodyOf(patch: string): string {
  const begin = patch.search(/^BEGIN\b/m);
  if (begin === -1) throw new Error("the patch has no BEGIN");
  return patch.slice(begin);
}

/** The lines of one statement: from the line that begins so to the one that ends it. */
export function statement(patch: string, beginning: string): string {
  const from = patch.indexOf(beginning);
  if (from === -1) throw new Error(`the patch has no ${beginning}`);
  return patch.slice(from, patch.indexOf(";\n", from) + 1);
}

export const trigger = (more: Partial<Trigger>): Trigger => ({
  table: "public.device",
  name: "audit_device",
  enabled: "O",
  timing: "after update for each row",
  ...more,
});
