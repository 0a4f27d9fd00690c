import type { Catalogs } from "../../merge/align-schemas.js";
import type { LogTable } from "../../merge/post-log/check-action.js";
import type { Table } from "../../model/table.js";
import { databaseRoles } from "../../model/value.js";
import { didYouMean } from "../settings/did-you-mean.js";

/** The tables that a log may speak of. */
export class LogTables {
  readonly #compared: ReadonlyMap<string, LogTable>;
  readonly #others: ReadonlySet<string>;

  constructor(tables: readonly Table[], catalogs: Catalogs) {
    const all = databaseRoles.flatMap((role) => catalogs[role].tables);
    this.#compared = new Map(
      tables.map((table, index) => {
        const compared = new Set(table.columns.map(({ name }) => name));
        const names = all.filter(({ label }) => label === table.label).flatMap(({ columns }) => columns);
        const passedOver = new Set(names.map(({ name }) => name).filter((name) => !compared.has(name)));
        return [table.label, { index, table, passedOver }];
      }),
    );
    this.#others = new Set(all.map(({ label }) => label).filter((label) => !this.#compared.has(label)));
  }

  /** By its label, or without the schema if that is public. */
  find(name: string): LogTable | "not compared" | undefined {
    const labels = [name, `public.${name}`];
    const label = labels.find((candidate) => this.#compared.has(candidate));
    if (label !== undefined) return this.#compared.get(label);
    return labels.some((candidate) => this.#others.has(candidate)) ? "not compared" : undefined;
  }

  /** For a name that is none of them. */
  suggestion(name: string): string {
    return didYouMean(name, [...this.#compared.keys(), ...this.#others]);
  }
}
