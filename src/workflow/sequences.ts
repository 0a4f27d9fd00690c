import { moveSequence, noKeys, type WrittenKeys, withKey } from "../merge/move-sequences.js";
import { matchesTable } from "../merge/rules/match.js";
import type { Numbering, NumberingSequence, Sequence, SequenceMove } from "../model/sequence.js";
import type { PlanSettings } from "../model/settings.js";
import type { Table } from "../model/table.js";
import type { DatabaseRole, Mode } from "../model/value.js";
import { readSequences } from "../postgres/catalog/read-sequences.js";
import type { Session } from "../postgres/session/session.js";
import type { PlanStore } from "../store/plan-store.js";

export interface Written {
  readonly store: PlanStore;
  readonly tables: readonly Table[];
  readonly mode: Mode;
}

export interface MovedSequences {
  readonly moves: readonly SequenceMove[];
  readonly warnings: readonly string[];
}

/**
 * Where all sequences stand, to be kept in the plan.
 * @param postSequences where a change log left them; undefined: `post` says so itself
 */
export async function readNumbering(
  sessions: Readonly<Record<DatabaseRole, Session>>,
  { tables, excludeTables }: Pick<PlanSettings, "tables" | "excludeTables">,
  postSequences?: readonly Sequence[],
): Promise<Numbering> {
  const [pre, post, current] = await Promise.all([
    readSequences(sessions.pre),
    postSequences ?? readSequences(sessions.post),
    readSequences(sessions.current),
  ]);
  return {
    pre: pre.map(asText),
    post: post.map(asText),
    current: current.map(asText),
    tables,
    excludeTables,
  };
}

/**
 * Which sequences the patch moves up, and how far (design 2.5). Asked when the changes are settled: a row that is
 * withheld takes no number.
 */
export async function moveSequences(numbering: Numbering, written: Written): Promise<MovedSequences> {
  const { mode } = written;
  const [pre, post, current] = [numbering.pre, numbering.post, numbering.current].map((all) =>
    all.map(asNumbers),
  ) as [Sequence[], Sequence[], Sequence[]];
  const keys = await writtenKeys(written, current);
  const [before, after] = [byLabel(pre), byLabel(post)];
  const moves: SequenceMove[] = [];
  const warnings: string[] = [];
  for (const sequence of current) {
    const { label } = sequence;
    const versions = { pre: before.get(label), post: after.get(label), current: sequence };
    const found = moveSequence(mode, versions, keys.get(sequence) ?? noKeys);
    if (!isExcluded(sequence, numbering)) {
      if (found.move !== undefined) moves.push(found.move);
      warnings.push(...found.warnings);
    } else if (found.move !== undefined) {
      const { from, to } = found.move;
      warnings.push(`sequence ${label}: it stays at ${from}, not ${to}: what it is for is left out`);
    }
  }
  if (mode === "replay") warnings.push(...lostSequences(post, current));
  return { moves, warnings };
}

/** JSON has no whole numbers of 64 bits. */
function asText({ increment, min, max, state, ...rest }: Sequence): NumberingSequence {
  return {
    ...rest,
    ...{ increment: String(increment), min: String(min), max: String(max) },
    state: state && { lastValue: String(state.lastValue), isCalled: state.isCalled },
  };
}

function asNumbers({ increment, min, max, state, ...rest }: NumberingSequence): Sequence {
  return {
    ...rest,
    ...{ increment: BigInt(increment), min: BigInt(min), max: BigInt(max) },
    state: state && { lastValue: BigInt(state.lastValue), isCalled: state.isCalled },
  };
}

function byLabel(sequences: readonly Sequence[]): ReadonlyMap<string, Sequence> {
  return new Map(sequences.map((sequence) => [sequence.label, sequence]));
}

/** Sequences serve the tables they feed; one that feeds none is named like a table. */
function isExcluded({ label, columns }: Sequence, { tables, excludeTables }: Numbering): boolean {
  const served = columns.length === 0 ? [{ label }] : columns.map(({ table }) => ({ label: table }));
  return served.every(
    (table) => matchesTable(excludeTables, table) || (tables.length > 0 && !matchesTable(tables, table)),
  );
}

function lostSequences(post: readonly Sequence[], current: readonly Sequence[]): readonly string[] {
  const labels = new Set(current.map(({ label }) => label));
  return post
    .filter(({ label }) => !labels.has(label))
    .map(({ label }) => `sequence ${label}: post has it and current does not: it cannot be moved`);
}

/** The values that the patch writes where sequences would; each table is read at most once. */
async function writtenKeys(
  { store, tables }: Written,
  sequences: readonly Sequence[],
): Promise<ReadonlyMap<Sequence, WrittenKeys>> {
  const keys = new Map<Sequence, WrittenKeys>();
  const tallies = await store.tallies({ changes: ["insert", "update"] });
  const written = new Set(tallies.map(({ table }) => table));
  for (const [at, table] of tables.entries()) {
    if (!written.has(at)) continue;
    const fed = sequences.flatMap((sequence) =>
      positionsIn(table, sequence).map((position) => ({ sequence, position })),
    );
    if (fed.length === 0) continue;
    for await (const batch of store.rows({ table: at, changes: await kindsOf(store, at, fed) })) {
      for (const { change } of batch) {
        if (change === undefined || change.kind === "delete") continue;
        for (const { sequence, position } of fed) {
          if (change.kind === "update" && !change.columns.includes(position)) continue;
          const value = change.after[position] ?? null;
          keys.set(sequence, withKey(keys.get(sequence) ?? noKeys, sequence, value));
        }
      }
    }
  }
  return keys;
}

function positionsIn({ label, columns }: Table, sequence: Sequence): readonly number[] {
  return sequence.columns.flatMap(({ table, column }) => {
    const position = table === label ? columns.findIndex(({ name }) => name === column) : -1;
    return position === -1 ? [] : [position];
  });
}

/** Updates rarely write a column that a sequence feeds: then they are not read. */
async function kindsOf(store: PlanStore, table: number, fed: readonly { readonly position: number }[]) {
  const shapes = await store.updateShapes(table);
  const updatesCount = shapes.some(({ columns }) => fed.some(({ position }) => columns.includes(position)));
  return updatesCount ? (["insert", "update"] as const) : (["insert"] as const);
}
