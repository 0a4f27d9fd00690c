import { type Bond, type BondKind, bondKinds } from "../../model/bond.js";
import { drain } from "../file/drain.js";
import type { PlanFile } from "../file/plan-file.js";

/** What rows need of each other, for whoever writes them in several transactions. */
export interface Bonds {
  /** In the place of all there were. */
  replace(bonds: Iterable<Bond>): Promise<void>;
  read(): Promise<readonly Bond[]>;
}

export const bondTableSql: readonly string[] = [
  `CREATE TYPE bond_kind AS ENUM (${bondKinds.map((kind) => `'${kind}'`).join(", ")})`,
  'CREATE TABLE bond ("row" BIGINT NOT NULL, needs BIGINT NOT NULL, kind bond_kind NOT NULL)',
];

const insertedAtOnce = 10_000;

export class StoredBonds implements Bonds {
  readonly #file: PlanFile;

  constructor(file: PlanFile) {
    this.#file = file;
  }

  async replace(bonds: Iterable<Bond>): Promise<void> {
    await this.#file.use(async (connection) => {
      await connection.run("BEGIN");
      await connection.run("DELETE FROM bond");
      for (const some of inBatches(bonds)) {
        await connection.run(
          "INSERT INTO bond SELECT unnest($1::BIGINT[]), unnest($2::BIGINT[]), unnest($3::bond_kind[])",
          [
            JSON.stringify(some.map(({ row }) => row)),
            JSON.stringify(some.map(({ needs }) => needs)),
            `[${some.map(({ kind }) => kind).join(", ")}]`,
          ],
        );
      }
      await connection.run("COMMIT");
    });
  }

  read(): Promise<readonly Bond[]> {
    const sql = `SELECT "row"::DOUBLE, needs::DOUBLE, kind::VARCHAR FROM bond ORDER BY "row", needs`;
    return this.#file.use(async (connection) =>
      drain(await connection.stream(sql), (chunk) =>
        (chunk.getRows() as [number, number, BondKind][]).map(([row, needs, kind]) => ({ row, needs, kind })),
      ),
    );
  }
}

function* inBatches(bonds: Iterable<Bond>): Generator<readonly Bond[]> {
  let batch: Bond[] = [];
  for (const bond of bonds) {
    batch.push(bond);
    if (batch.length < insertedAtOnce) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
