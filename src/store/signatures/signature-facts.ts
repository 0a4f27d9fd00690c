import type { SignatureTransactions } from "../../model/signature.js";
import type { Key } from "../../model/value.js";
import { drain } from "../file/drain.js";
import type { PlanFile } from "../file/plan-file.js";
import { wholeNumber } from "../row-filter.js";
import { postCell, postIsTold } from "../tables/changed-cells.js";
import { differenceTable } from "../tables/difference-table.js";

/** Keys and transactions that are named. */
const namedKeys = 5;
const namedTransactions = 5;

const numbered = `${differenceTable.name} WHERE signature IS NOT NULL`;
const byWriter = `(SELECT signature, transaction_id, count(*) AS rows FROM ${numbered}
  AND transaction_id IS NOT NULL GROUP BY ALL)`;

/** What numbered differences have in common: a line a signature, however many rows it has. */
export class SignatureFacts {
  readonly #file: PlanFile;
  readonly #blind: boolean;

  constructor(file: PlanFile, blind: boolean) {
    this.#file = file;
    this.#blind = blind;
  }

  /** The first keys of each signature, in the order of the delta. */
  async keys(): Promise<ReadonlyMap<number, readonly Key[]>> {
    const lines = await this.#ask(`
      SELECT signature::DOUBLE, to_json(arg_min(key, ordinal, ${namedKeys}))::VARCHAR FROM ${numbered} GROUP BY signature`);
    return new Map(
      lines.map(([signature, keys]) => [
        signature as number,
        (JSON.parse(keys as string) as string[]).map((key) => JSON.parse(key) as Key),
      ]),
    );
  }

  /** Who wrote them; without those of which nothing tells. */
  async transactions(): Promise<ReadonlyMap<number, SignatureTransactions>> {
    if (this.#blind) return new Map();
    const lines = await this.#ask(`
      SELECT signature::DOUBLE, count(*)::DOUBLE,
        to_json(arg_max({transaction: transaction_id, rows: rows}, (rows, -transaction_id::BIGINT), ${namedTransactions}))::VARCHAR,
        min(committed_at), max(committed_at)
      FROM ${byWriter} LEFT JOIN transaction_time USING (transaction_id) GROUP BY signature`);
    return new Map(
      lines.map(([signature, count, largest, from, to]) => [
        signature as number,
        {
          count: count as number,
          largest: JSON.parse(largest as string) as SignatureTransactions["largest"],
          ...(from === null ? {} : { from: from as string, to: to as string }),
        },
      ]),
    );
  }

  /**
   * The one value that all rows of a signature have in `post`, by position; without columns that have several, or of
   * which rows are too long to tell.
   */
  async constants(signature: number, positions: readonly number[]): Promise<ReadonlyMap<number, string>> {
    if (positions.length === 0) return new Map();
    const ends = positions.map((at) => `min(${postCell(at)}), max(${postCell(at)})`);
    const [line = []] = await this.#ask(`
      SELECT bool_and(${postIsTold(positions)}), ${ends.join(", ")} FROM ${numbered} AND signature = ${wholeNumber(signature)}`);
    const [isWhole, ...found] = line;
    if (isWhole !== true) return new Map();
    return new Map(
      positions.flatMap((at, order): [number, string][] => {
        const [least, most] = [found[2 * order], found[2 * order + 1]];
        return typeof least === "string" && least === most ? [[at, least]] : [];
      }),
    );
  }

  async #ask(sql: string): Promise<unknown[][]> {
    return this.#file.use(async (connection) =>
      drain(await connection.stream(sql), (chunk) => chunk.getRows() as unknown[][]),
    );
  }
}
