import { type Chain, chainsOf } from "../../merge/chain.js";
import type { Cause, PlannedRow } from "../../model/change.js";
import { keyObject, type Table } from "../../model/table.js";
import type { Withheld } from "../../model/withheld.js";
import type { Checking } from "./planned-writes.js";

/** What keeps a row from being written. */
export interface Explained {
  readonly causes: readonly Cause[];
  /** The same in words. */
  readonly text: string;
}

/** Rows fetched at a time. */
const fetchSize = 2000;

/** Causes told in words, so that nobody reads a page; the others are there as data. */
const toldCauses = 5;

/** Explains withheld rows, some at a time: comment 9 refers to issue 4, which refers to user 2, which is excluded. */
export class Explainer {
  readonly #checking: Checking;
  readonly #withheld: ReadonlyMap<number, Withheld>;
  readonly #chain: (row: number) => Chain;
  /** Rows of the plan that chains have named so far: most chains end in the same few. */
  readonly #links = new Map<number, Cause>();

  constructor(checking: Checking, withheld: ReadonlyMap<number, Withheld>) {
    this.#checking = checking;
    this.#withheld = withheld;
    this.#chain = chainsOf(withheld);
  }

  /** @param positions of withheld rows; not yet replaced in the store */
  async explain(positions: readonly number[]): Promise<ReadonlyMap<number, Explained>> {
    const chains = new Map(positions.map((position) => [position, this.#chain(position)]));
    await this.#name([...chains.values()].flatMap(({ rows }) => rows));
    return new Map([...chains].map(([position, chain]) => [position, this.#tell(position, chain)]));
  }

  async #name(rows: readonly number[]): Promise<void> {
    const { store, tables } = this.#checking;
    const unknown = [...new Set(rows)].filter((row) => !this.#links.has(row));
    for (let from = 0; from < unknown.length; from += fetchSize) {
      for await (const batch of store.rows({ positions: unknown.slice(from, from + fetchSize) })) {
        for (const row of batch)
          this.#links.set(
            row.position,
            link(tables[row.table] as Table, row, this.#withheld.get(row.position)),
          );
      }
    }
  }

  #tell(position: number, { rows, omitted }: Chain): Explained {
    const links = rows.flatMap((row) => this.#links.get(row) ?? []);
    const end = this.#withheld.get(rows.at(-1) ?? position)?.reason.outside;
    const last = links.length - 1;
    const marked = links.map((cause, at) => (omitted > 0 && at === last ? { ...cause, omitted } : cause));
    const causes = end === undefined ? marked : [...marked, end];
    return { causes, text: this.#inWords(position, rows, causes) };
  }

  #inWords(position: number, rows: readonly number[], causes: readonly Cause[]): string {
    const texts = [this.#withheld.get(position)?.reason.text ?? ""];
    for (const [at, row] of rows.entries()) {
      const cause = causes[at];
      const next = at === rows.length - 1 && row === position ? undefined : this.#withheld.get(row);
      if (cause === undefined) break;
      texts.push(
        next === undefined
          ? `that row ${state(cause)}`
          : `${name(cause)} is not written: ${next.reason.text}`,
      );
    }
    if (texts.length <= toldCauses) return texts.join("; ");
    const end = causes.at(-1);
    const more = `and so on, in ${rows.length} links`;
    return [
      ...texts.slice(0, toldCauses),
      end === undefined ? more : `${more} to ${name(end)}, which ${state(end)}`,
    ].join("; ");
  }
}

/** A row of the plan as it will be: what is withheld is not replaced in the store yet. */
function link(table: Table, row: PlannedRow, withheld: Withheld | undefined): Cause {
  const { operation, conflict } = row;
  // A row that was in conflict before stays in that conflict.
  const outcome = row.outcome === "conflict" ? "conflict" : (withheld?.outcome ?? row.outcome);
  const kind = row.outcome === "conflict" ? conflict?.kind : withheld?.reason.kind;
  return {
    ...{ table: table.label, key: keyObject(table, row.key), operation, outcome },
    ...(outcome === "conflict" && kind !== undefined ? { kind } : {}),
    ...(withheld === undefined && row.reason !== undefined ? { reason: row.reason } : {}),
  };
}

function name({ table, key }: Cause): string {
  return `${table} ${JSON.stringify(key)}`;
}

function state({ outcome, kind, reason }: Cause): string {
  const why = kind ?? reason;
  const what = { conflict: "is in conflict", apply: "is written", unchanged: "stays as it is" } as const;
  const words = outcome in what ? what[outcome as keyof typeof what] : `is ${outcome}`;
  return why === undefined ? words : `${words} (${why})`;
}
