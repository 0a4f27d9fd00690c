import type { ExpectedConflict, ExpectedSkip, RowChange, RowKey } from "../../sample-data/story.js";
import { type Planned, readLines } from "./incident.js";

/** A recovery folder in the words of a story. */
export interface Told {
  readonly folder: string;
  readonly conflicts: readonly ExpectedConflict[];
  readonly excluded: readonly RowChange[];
  readonly skipped: readonly ExpectedSkip[];
}

interface Line extends RowChange {
  readonly outcome: string;
  readonly kind: string;
  readonly columns: readonly string[];
  readonly resolution: string | null;
  readonly causes: readonly RowKey[];
}

export function tellPlan({ folder }: Pick<Planned, "folder">): Told {
  const read = (name: string) => readLines(folder, name) as unknown as readonly Line[];
  const open = read("conflicts.jsonl").filter(({ resolution }) => resolution === null);
  const left = read("skipped.jsonl");
  return {
    folder,
    conflicts: open.map((row) => ({
      ...refOf(row),
      kind: row.kind,
      columns: row.columns,
      cause: row.causes.map(refOf),
    })),
    excluded: left.filter(({ outcome }) => outcome === "excluded").map(changeOf),
    skipped: left
      .filter(({ outcome }) => outcome === "skipped")
      .map((row) => ({ ...changeOf(row), cause: row.causes.map(refOf) })),
  };
}

function refOf({ table, key }: RowKey): RowKey {
  return { table, key };
}

function changeOf(row: Line): RowChange {
  return { ...refOf(row), operation: row.operation };
}
