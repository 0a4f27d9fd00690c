import { PlanError } from "../model/errors.js";
import type { PlanHeader } from "../model/plan.js";
import type { PlanFile } from "./file/plan-file.js";

/** Replaces the header there was. */
export async function writeHeader(file: PlanFile, header: PlanHeader): Promise<void> {
  await file.use(async (connection) => {
    await connection.run("BEGIN");
    await connection.run("DELETE FROM plan_header");
    await connection.run("INSERT INTO plan_header VALUES ($1)", [JSON.stringify(header)]);
    await connection.run("COMMIT");
  });
}

/** @throws PlanError when there is none: whoever wrote the plan did not get to its end */
export async function readHeader(file: PlanFile): Promise<PlanHeader> {
  const rows = await file.use(async (connection) =>
    (await connection.run("SELECT header FROM plan_header")).getRows(),
  );
  const header = rows[0]?.[0];
  if (typeof header === "string") return JSON.parse(header) as PlanHeader;
  throw new PlanError("the plan is unfinished", {
    hint: "run `pgmend plan` again; nothing was written anywhere",
  });
}
