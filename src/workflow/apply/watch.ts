import type { RowWrite } from "../../model/change.js";
import type { Table } from "../../model/table.js";
import { type Operation, operations } from "../../model/value.js";
import type { Writer } from "../../postgres/writing/writer.js";
import type { PatchStep } from "../../sql/patch/step.js";

/** Rows of one table and operation, and how long the server was at it. */
export interface TableTime {
  readonly table: string;
  readonly operation: Operation;
  readonly rows: number;
  readonly ms: number;
}

export interface TriggerCalls {
  readonly table: string;
  readonly trigger: string;
  /** The foreign key whose doing it is. */
  readonly constraint: string | undefined;
  readonly calls: number;
}

export type OtherWrites = { readonly table: string } & Readonly<Record<Operation, number>>;

export interface Locked {
  readonly table: string;
  readonly mode: string;
  /** From when it was first seen until the end. */
  readonly ms: number;
}

type Counts = Record<Operation, number>;

/**
 * What a rehearsal sees of what its statements cause. The server counts rows that a transaction has written, whoever
 * asked for them; what is more than we asked for is the doing of triggers, rules and foreign keys.
 */
export class Watch {
  readonly #writer: Writer;
  readonly #times = new Map<string, TableTime>();
  readonly #triggers = new Map<string, TriggerCalls>();
  readonly #others = new Map<string, Counts>();
  readonly #locks = new Map<string, { table: string; mode: string; since: number }>();
  /** Of the batch at hand, until it is known whether it stays. */
  #pending: { step: PatchStep; ms: number; triggers: readonly TriggerCalls[] }[] = [];
  #counted: ReadonlyMap<string, Counts> = new Map();

  constructor(writer: Writer) {
    this.#writer = writer;
  }

  /** Runs a write statement, and is told by the server which triggers fired. */
  readonly run = async (step: PatchStep, sql: string): Promise<void> => {
    const started = performance.now();
    const explain = "EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF, COSTS OFF, FORMAT JSON)";
    const [[text] = []] = await this.#writer.query(`${explain} ${sql.trim().replace(/;$/, "")}`);
    this.#pending.push({ step, ms: performance.now() - started, triggers: triggersIn(text ?? "[]") });
  };

  /** The batch was rolled back. */
  async forget(): Promise<void> {
    this.#pending = [];
    this.#counted = await this.#count();
  }

  /** The batch stays. */
  async keep(tables: readonly Table[], rows: readonly RowWrite[], written: readonly number[]): Promise<void> {
    for (const { step, ms, triggers } of this.#pending) {
      this.#addTime(step.table.label, step.kind, 0, ms);
      for (const call of triggers) this.#addCalls(call);
    }
    this.#pending = [];
    const done = new Set(written);
    const ours = new Map<string, Counts>();
    for (const { table, position, change } of rows) {
      const label = tables[table]?.label ?? "";
      if (change === undefined || !done.has(position)) continue;
      this.#addTime(label, change.kind, 1, 0);
      const counts = ours.get(label) ?? none();
      counts[change.kind] += 1;
      ours.set(label, counts);
    }
    this.#addOthers(await this.#count(), ours);
    await this.#lookAtLocks();
  }

  async locks(): Promise<readonly Locked[]> {
    await this.#lookAtLocks();
    const now = performance.now();
    return [...this.#locks.values()].map(({ table, mode, since }) => ({
      table,
      mode,
      ms: Math.round(now - since),
    }));
  }

  findings(): {
    tables: readonly TableTime[];
    triggers: readonly TriggerCalls[];
    others: readonly OtherWrites[];
  } {
    const others = [...this.#others].map(([table, counts]) => ({ table, ...withoutMoves(counts) }));
    return {
      tables: [...this.#times.values()].map((time) => ({ ...time, ms: Math.round(time.ms) })),
      triggers: [...this.#triggers.values()],
      others: others.filter((counts) => operations.some((operation) => counts[operation] > 0)),
    };
  }

  #addTime(table: string, operation: Operation, rows: number, ms: number): void {
    const name = `${table} ${operation}`;
    const known = this.#times.get(name) ?? { table, operation, rows: 0, ms: 0 };
    this.#times.set(name, { ...known, rows: known.rows + rows, ms: known.ms + ms });
  }

  #addCalls(call: TriggerCalls): void {
    const name = `${call.table} ${call.trigger}`;
    const known = this.#triggers.get(name);
    this.#triggers.set(name, { ...call, calls: call.calls + (known?.calls ?? 0) });
  }

  #addOthers(counted: ReadonlyMap<string, Counts>, ours: ReadonlyMap<string, Counts>): void {
    for (const [table, counts] of counted) {
      const others = this.#others.get(table) ?? none();
      for (const operation of operations)
        others[operation] +=
          counts[operation] -
          (this.#counted.get(table)?.[operation] ?? 0) -
          (ours.get(table)?.[operation] ?? 0);
      this.#others.set(table, others);
    }
    this.#counted = counted;
  }

  async #count(): Promise<ReadonlyMap<string, Counts>> {
    const lines = await this.#writer.query(countsSql);
    return new Map(
      lines.map(([table, inserted, updated, deleted]) => [
        table ?? "",
        { insert: Number(inserted), update: Number(updated), delete: Number(deleted) },
      ]),
    );
  }

  async #lookAtLocks(): Promise<void> {
    for (const [table, mode] of await this.#writer.query(locksSql)) {
      const name = `${table} ${mode}`;
      if (!this.#locks.has(name))
        this.#locks.set(name, { table: table ?? "", mode: mode ?? "", since: performance.now() });
    }
  }
}

const none = (): Counts => ({ insert: 0, update: 0, delete: 0 });

/** A row that an update moves to another partition is deleted from one and inserted into the other. */
function withoutMoves(counts: Counts): Counts {
  const moves = Math.max(0, -counts.update);
  const less = (count: number) => Math.max(0, count - moves);
  return { insert: less(counts.insert), update: Math.max(0, counts.update), delete: less(counts.delete) };
}

const labelSql = (oid: string): string =>
  `(SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ${oid})`;

/** Partitions count for their root. */
const countsSql = `SELECT ${labelSql("coalesce(pg_catalog.pg_partition_root(s.relid), s.relid)")} AS label,
    sum(s.n_tup_ins), sum(s.n_tup_upd), sum(s.n_tup_del)
  FROM pg_catalog.pg_stat_xact_user_tables AS s
  WHERE s.n_tup_ins + s.n_tup_upd + s.n_tup_del > 0 AND s.schemaname NOT LIKE 'pg\\_%'
  GROUP BY 1`;

/** Reading locks out nobody who reads or writes. */
const locksSql = `SELECT ${labelSql("l.relation")}, l.mode
  FROM pg_catalog.pg_locks AS l JOIN pg_catalog.pg_class AS r ON r.oid = l.relation
    JOIN pg_catalog.pg_namespace AS s ON s.oid = r.relnamespace
  WHERE l.pid = pg_catalog.pg_backend_pid() AND l.granted AND l.locktype = 'relation' AND r.relkind IN ('r', 'p')
    AND l.mode <> 'AccessShareLock' AND s.nspname NOT LIKE 'pg\\_%'`;

interface Explained {
  readonly Triggers?: readonly {
    readonly "Trigger Name": string;
    readonly "Constraint Name"?: string;
    readonly Relation?: string;
    readonly Calls: number;
  }[];
}

function triggersIn(json: string): readonly TriggerCalls[] {
  const [{ Triggers = [] } = {}] = JSON.parse(json) as readonly Explained[];
  return Triggers.map((trigger) => ({
    table: trigger.Relation ?? "",
    trigger: trigger["Trigger Name"],
    constraint: trigger["Constraint Name"],
    calls: trigger.Calls,
  }));
}
