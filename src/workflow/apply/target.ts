import { ConnectionError, UsageError } from "../../model/errors.js";
import type { PlanHeader } from "../../model/plan.js";
import type { FoundTarget } from "../../postgres/writing/write-target.js";

/** @throws UsageError for any database but the one the plan was made for, ConnectionError for one that takes no writes */
export function checkTarget(target: FoundTarget, { connections }: PlanHeader, allowOther: boolean): void {
  const { database, systemIdentifier } = connections.current;
  const isSame =
    target.database === database &&
    (systemIdentifier === undefined ||
      target.systemIdentifier === undefined ||
      target.systemIdentifier === systemIdentifier);
  if (!isSame && !allowOther) {
    const what = `the plan was made for database ${named(database, systemIdentifier)}, and this is ${named(target.database, target.systemIdentifier)}`;
    throw new UsageError(
      [{ where: "--current", what }],
      "nothing was written; for a clone, on purpose: --allow-other-database",
    );
  }
  if (target.readOnly === "standby") {
    const hint = "nothing was written to it; name its primary with --current";
    throw new ConnectionError("current", "current: this server is a standby: it takes no writes", { hint });
  }
  if (target.readOnly === "settings") {
    const what =
      "this database is set read-only (default_transaction_read_only), and somebody may want it so";
    const hint =
      "nothing was written to it; reset that for the database or the role, then run the command again";
    throw new ConnectionError("current", `current: ${what}`, { hint });
  }
}

function named(database: string, system: string | undefined): string {
  return system === undefined ? database : `${database}@${system}`;
}
