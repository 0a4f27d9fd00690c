import { type CheckedAction, changesKey, checkAction } from "../../merge/post-log/check-action.js";
import { readAction } from "../../merge/post-log/read-action.js";
import { InterruptedError, type Mistake, UsageError } from "../../model/errors.js";
import type { LogAction, NamedValues, PostLogSource } from "../../model/post-log.js";
import { columnNames, type Table } from "../../model/table.js";
import type { Session } from "../../postgres/session/session.js";
import type { LogStore } from "../../store/tables/log-table.js";
import type { LogTables } from "./log-tables.js";
import { keyIn, printActions, spellKeys } from "./print-actions.js";
import type { UsedNumbers } from "./used-numbers.js";

/** Actions checked at a time. */
const batchSize = 2000;

/** Mistakes that are told; of more, their number. */
const mostTold = 100;

export interface LoadedLog {
  readonly actions: number;
  /** Of tables that are not compared. */
  readonly ignored: number;
  /** When its last action took place, as it says. */
  readonly until: string | undefined;
}

export interface LoadOptions {
  readonly tables: LogTables;
  /** Of `pre`, in no snapshot. */
  readonly session: Session;
  readonly store: LogStore;
  readonly numbers: UsedNumbers;
  readonly signal: AbortSignal | undefined;
}

/**
 * Reads a whole log into the store: lines become actions, names meet the tables, PostgreSQL prints the values.
 *
 * @throws UsageError with every bad line: then none of it counts
 */
export async function loadLog(log: PostLogSource, options: LoadOptions): Promise<LoadedLog> {
  const loader = new Loader(log, options);
  let line = 0;
  for await (const bytes of log.lines()) {
    line += 1;
    if (options.signal?.aborted === true) throw new InterruptedError();
    await loader.take(bytes, line);
  }
  return loader.finish();
}

class Loader {
  readonly #log: PostLogSource;
  readonly #options: LoadOptions;
  /** By line. */
  readonly #complaints = new Map<number, readonly string[]>();
  #badLines = 0;
  #batch: CheckedAction[] = [];
  #actions = 0;
  #ignored = 0;
  #until: string | undefined;
  #sequence: bigint | undefined;

  constructor(log: PostLogSource, options: LoadOptions) {
    this.#log = log;
    this.#options = options;
  }

  async take(bytes: Uint8Array, line: number): Promise<void> {
    if (bytes.every((byte) => byte === 0x20 || byte === 0x0d || byte === 0x09)) return;
    const written = readAction(bytes, line);
    if (isComplaints(written)) return this.#complain(line, written);
    this.#actions += 1;
    this.#checkSequence(line, BigInt(written.sequence));
    this.#until = written.time ?? this.#until;
    const table = this.#options.tables.find(written.table);
    if (table === undefined) {
      const what = `table: there is no table "${written.table}"${this.#options.tables.suggestion(written.table)}`;
      return this.#complain(line, [what]);
    }
    if (table === "not compared") {
      this.#ignored += 1;
      return;
    }
    const checked = checkAction(written, table);
    if (isComplaints(checked)) return this.#complain(line, checked);
    this.#batch.push(checked);
    if (this.#batch.length >= batchSize) await this.#send();
  }

  async finish(): Promise<LoadedLog> {
    await this.#send();
    if (this.#badLines > 0) {
      const more = this.#badLines - this.#complaints.size;
      const rest = more === 0 ? [] : [{ where: this.#log.name, what: `and ${more} more lines like these` }];
      throw new UsageError(
        [...this.#mistakes(), ...rest],
        "nothing of the log was taken; docs/post-log.md says what a line is",
      );
    }
    await this.#options.store.sort();
    return { actions: this.#actions, ignored: this.#ignored, until: this.#until };
  }

  #checkSequence(line: number, sequence: bigint): void {
    if (this.#sequence !== undefined && sequence <= this.#sequence)
      this.#complain(line, [
        `sequence: ${sequence} does not come after ${this.#sequence}, which stands before it`,
      ]);
    this.#sequence = sequence;
  }

  #complain(line: number, what: readonly string[]): void {
    const known = this.#complaints.get(line);
    if (known === undefined) this.#badLines += 1;
    if (known !== undefined || this.#complaints.size < mostTold)
      this.#complaints.set(line, [...(known ?? []), ...what]);
  }

  #mistakes(): readonly Mistake[] {
    const byLine = [...this.#complaints].sort(([a], [b]) => a - b);
    return byLine.map(([line, what]) => ({ where: `${this.#log.name}:${line}`, what: what.join("; ") }));
  }

  /** The values of a batch meet PostgreSQL, table by table. */
  async #send(): Promise<void> {
    const byTable = new Map<CheckedAction["table"], CheckedAction[]>();
    for (const action of this.#batch)
      byTable.set(action.table, [...(byTable.get(action.table) ?? []), action]);
    this.#batch = [];
    const taken: LogAction[] = [];
    for (const [{ table, index }, actions] of byTable) {
      const { session, numbers } = this.#options;
      const good: LogAction[] = [];
      for (const { action, complaints } of await printActions(session, table, actions)) {
        const all = complaints.length > 0 ? complaints : keyComplaints(table, action);
        if (all.length > 0) this.#complain(action.line, all);
        else good.push(...split(table, index, action));
      }
      for (const { operation, after } of good) if (operation === "insert") numbers.note(table, after);
      taken.push(...(await spellKeys(session, table, good)));
    }
    // Rows of different tables do not mind; those of one table are in the order of the file.
    if (this.#badLines === 0) await this.#options.store.append(taken);
  }
}

function isComplaints<T extends object>(found: T | readonly string[]): found is readonly string[] {
  return Array.isArray(found);
}

function keyComplaints(table: Table, action: CheckedAction): readonly string[] {
  const { operation, key, after } = action;
  const names = columnNames(table, table.key);
  if (operation === "insert" && names.some((name) => after[name] !== key[name]))
    return ["key: is not that of the row in after"];
  if (!changesKey(action)) return [];
  const lacking = table.columns.filter(({ name }) => !Object.hasOwn(after, name)).map(({ name }) => name);
  return lacking.length === 0
    ? []
    : [`after: an update that changes the key names every column; here ${lacking.join(", ")} is not there`];
}

/** A changed key is a delete and an insert. */
function split(table: Table, index: number, action: CheckedAction): readonly LogAction[] {
  const { line, sequence, time, actor, tenant, operation, key, after, before } = action;
  const common = { line, sequence, time, actor, tenant, table: index };
  const whole = (
    what: LogAction["operation"],
    values: NamedValues,
    rest: Pick<LogAction, "after" | "before">,
  ) => ({
    ...common,
    operation: what,
    key: keyIn(table, values),
    ...rest,
  });
  if (!changesKey(action)) return [whole(operation, key, { after, before })];
  return [
    whole("delete", key, { after: {}, before }),
    whole("insert", { ...key, ...after }, { after, before: {} }),
  ];
}
