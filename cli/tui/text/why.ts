import { type ConflictKind, identifier, type Mode, type PlannedRow, type Table } from "../../../src/index.js";
import { shown } from "./measure.js";

/** Why a row is in conflict, in one sentence. The words are those of the mode: what came back, and what happened since. */
export function whyInConflict({ conflict }: PlannedRow, table: Table, mode: Mode): string {
  if (conflict === undefined) return "It is not in conflict.";
  const kind = conflict.kind as ConflictKind;
  const names = conflict.columns.map((at) => identifier(table.columns[at]?.name ?? ""));
  const columns = names.length === 0 ? "the row" : shown(names.join(", "));
  return sentences[mode][kind]?.(columns) ?? constraintSentence(kind, conflict.cause);
}

type Sentences = Partial<Readonly<Record<ConflictKind, (columns: string) => string>>>;

const sentences: Readonly<Record<Mode, Sentences>> = {
  undo: {
    "update/update": (columns) =>
      `The incident changed ${columns}, and since then current was given another value, which is neither.`,
    "update/delete": () =>
      "The incident inserted this row, so the recovery removes it; but in current it was changed since.",
    "delete/update": (columns) =>
      `The incident changed ${columns}, and in current the row was deleted since.`,
    "insert/insert": (columns) =>
      `The incident deleted this row; since then current got another row with the same key, different in ${columns}.`,
  },
  replay: {
    "update/update": (columns) =>
      `In the lost window ${columns} was changed, and current was given another value, which is neither.`,
    "update/delete": () => "In the lost window this row was deleted; but in current it was changed since.",
    "delete/update": (columns) =>
      `In the lost window ${columns} was changed; in current the row was deleted since.`,
    "insert/insert": (columns) =>
      `In the lost window this row was inserted; current has another row with the same key, different in ${columns}.`,
  },
};

function constraintSentence(kind: ConflictKind, cause: string | undefined): string {
  const because = cause === undefined ? "." : `: ${shown(cause)}.`;
  return kind === "suspected-damage"
    ? `This delete is suspected to be the damage itself${because}`
    : `Written as it is, it would break a ${kind} constraint${because}`;
}
