import type { Sequence } from "../../model/sequence.js";
import { type ForeignKey, keyOf, type Table } from "../../model/table.js";
import type { DatabaseRole, Key, Mode, Row } from "../../model/value.js";
import { valuesKey } from "../../model/values-key.js";
import { readSequences } from "../../postgres/catalog/read-sequences.js";
import type { Session } from "../../postgres/session/session.js";
import { type Numbering, numberingOf, takeNumbers } from "./numbering.js";
import { References } from "./references.js";

export interface NewKeysOptions {
  readonly mode: Mode;
  readonly sessions: Readonly<Record<DatabaseRole, Session>>;
  /** Where a change log left the sequences; undefined: `post` says so itself. */
  readonly postSequences?: readonly Sequence[] | undefined;
  readonly tables: readonly Table[];
  readonly foreignKeys: readonly ForeignKey[];
}

/** An incoming row that shall have a new key. */
export interface KeyRequest {
  /** Its key in `post`. */
  readonly key: Key;
  /** With references that follow already. */
  readonly row: Row;
}

/**
 * The new keys of rows that met something else under theirs, and the references that follow them (design 2.5). A key
 * that was handed out stays handed out, however often its row is judged again.
 */
export class NewKeys {
  readonly references: References;
  readonly #options: NewKeysOptions;
  readonly #numberings = new Map<number, Numbering | string>();
  /** New numbers by table and by the key in `post`. */
  readonly #given = new Map<string, string>();
  #sequences: Promise<readonly (readonly Sequence[])[]> | undefined;

  constructor(options: NewKeysOptions) {
    this.#options = options;
    this.references = new References(options.tables, options.foreignKeys);
  }

  /** The row under the new key that was given to it before; undefined where none was. */
  again(table: number, { key, row }: KeyRequest): Row | undefined {
    const number = this.#given.get(nameOf(table, key));
    const numbering = this.#numberings.get(table);
    return number === undefined || typeof numbering !== "object"
      ? undefined
      : row.with(numbering.column, number);
  }

  /**
   * Hands out the next keys, in the order of the requests.
   *
   * @returns for each request the row under its new key, or why there is none, in words
   * @throws QueryError
   */
  async give(table: number, requests: readonly KeyRequest[]): Promise<readonly (Row | string)[]> {
    const numbering = await this.#numberingOf(table);
    if (typeof numbering === "string") return requests.map(() => numbering);
    const fresh = requests.filter(({ key }) => !this.#given.has(nameOf(table, key)));
    const { current, post } = this.#options.sessions;
    const keys = fresh.map(({ row }) => keyOf(numbering.table, row));
    for (const [at, number] of (await takeNumbers(numbering, keys, [current, post])).entries())
      this.#given.set(nameOf(table, (fresh[at] as KeyRequest).key), number);
    return requests.map((request) => this.again(table, request) ?? "its sequence has no number left");
  }

  async #numberingOf(table: number): Promise<Numbering | string> {
    const known = this.#numberings.get(table);
    if (known !== undefined) return known;
    const found = await this.#findNumbering(this.#options.tables[table] as Table);
    this.#numberings.set(table, found);
    return found;
  }

  async #findNumbering(table: Table): Promise<Numbering | string> {
    const { mode, sessions, postSequences } = this.#options;
    if (mode === "undo") return "only mode replay hands out new keys";
    this.#sequences ??= Promise.all([
      readSequences(sessions.current),
      postSequences ?? readSequences(sessions.post),
    ]);
    const [current = [], post = []] = await this.#sequences;
    return numberingOf(table, current, post);
  }
}

const nameOf = (table: number, key: Key): string => `${table} ${valuesKey(key)}`;
