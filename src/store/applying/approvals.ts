import type { Approval } from "../../model/journal.js";
import type { PlanFile } from "../file/plan-file.js";

/** Sign-offs, the last one last. None is ever taken away: a plan that changed needs another one. */
export interface Approvals {
  add(approval: Approval): Promise<void>;
  read(): Promise<readonly Approval[]>;
}

export const approvalSql = "CREATE TABLE approval (number INTEGER NOT NULL, approval JSON NOT NULL)";

export class StoredApprovals implements Approvals {
  readonly #file: PlanFile;

  constructor(file: PlanFile) {
    this.#file = file;
  }

  async add(approval: Approval): Promise<void> {
    await this.#file.use((connection) =>
      connection.run("INSERT INTO approval SELECT count(*) + 1, $1::JSON FROM approval", [
        JSON.stringify(approval),
      ]),
    );
  }

  read(): Promise<readonly Approval[]> {
    return this.#file.use(async (connection) => {
      const result = await connection.run("SELECT approval::VARCHAR FROM approval ORDER BY number");
      return (await result.getRows()).map(([approval]) => JSON.parse(approval as string) as Approval);
    });
  }
}
