import type { ConflictKind } from "../../model/conflict.js";
import type { Decision, Deed, JournalEntry, ResolutionWord } from "../../model/decision.js";
import type { Value } from "../../model/value.js";
import { integer, json, present, text, word } from "../tables/field.js";
import { type EncodedRecord, encodeRecord, type StoredTable, type Values } from "../tables/stored-table.js";

type Texts = Readonly<Record<string, Value>>;

/** The decisions that stand, one for a conflict. */
export const decisionTable = {
  name: "decision",
  order: "entry",
  fields: {
    /** The number of the journal's entry. */
    entry: integer,
    conflict: present(text),
    table_name: present(text),
    key: present(json<Texts>()),
    kind: present(text),
    resolution: present(word<ResolutionWord>("resolution")),
    values: json<Texts>(),
    reason: text,
    decided_by: present(text),
    decided_at: present(text),
    fingerprint: present(text),
  },
} satisfies StoredTable;

/** All that was ever decided or withdrawn, in that order: it only grows. */
export const journalTable = {
  name: "decision_journal",
  order: "entry",
  fields: {
    entry: integer,
    deed: present(word<Deed>("deed")),
    done_by: present(text),
    done_at: present(text),
    conflict: present(text),
    decision: present(json<Decision>()),
  },
} satisfies StoredTable;

export function encodeDecision(entry: number, decision: Decision): EncodedRecord {
  const { conflict, table, key, kind, resolution, values, reason, by, at, fingerprint } = decision;
  return encodeRecord(decisionTable, {
    entry,
    conflict,
    table_name: table,
    key,
    kind,
    resolution,
    values,
    reason,
    decided_by: by,
    decided_at: at,
    fingerprint,
  });
}

export function decodeDecision(stored: Values<typeof decisionTable>): Decision {
  const { values } = stored;
  return {
    conflict: stored.conflict,
    table: stored.table_name,
    key: stored.key,
    kind: stored.kind as ConflictKind,
    resolution: stored.resolution,
    ...(values === undefined ? {} : { values }),
    reason: stored.reason,
    by: stored.decided_by,
    at: stored.decided_at,
    fingerprint: stored.fingerprint,
  };
}

export function encodeEntry({ number, deed, by, at, decision }: JournalEntry): EncodedRecord {
  const { conflict } = decision;
  return encodeRecord(journalTable, { entry: number, deed, done_by: by, done_at: at, conflict, decision });
}

export function decodeEntry(stored: Values<typeof journalTable>): JournalEntry {
  const { entry, deed, done_by, done_at, decision } = stored;
  // What is absent is left out of JSON.
  return {
    number: entry,
    deed,
    by: done_by,
    at: done_at,
    decision: { ...decision, reason: decision.reason },
  };
}
