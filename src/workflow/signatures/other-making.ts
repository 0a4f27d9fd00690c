import type { PlanHeader } from "../../model/plan.js";
import { databaseRoles } from "../../model/value.js";
import { isOtherDatabase } from "../../postgres/session/identity.js";

/**
 * In what a plan was made otherwise than the one whose place it is to take, but for what signatures are called, in words:
 * of other databases, or by flags that nobody has given again.
 */
export function otherMaking(before: PlanHeader, after: PlanHeader): readonly string[] {
  const databases = databaseRoles
    .filter((role) => isOtherDatabase(after.connections[role], before.connections[role]))
    .map(
      (role) =>
        `${role} is ${after.connections[role].database}, and was ${before.connections[role].database}`,
    );
  const settings = compared.flatMap(([name, tell]) => {
    const [was, is] = [tell(before), tell(after)];
    return was === is ? [] : [`${name}: ${is}, and was ${was}`];
  });
  return [...databases, ...settings];
}

type Tell = (header: PlanHeader) => string;

const list = (texts: readonly string[]): string => (texts.length === 0 ? "none" : texts.join(", "));

const compared: readonly (readonly [name: string, tell: Tell])[] = [
  ["mode", ({ mode }) => mode],
  ["tables", ({ tables }) => list(tables.map(({ label }) => label).toSorted())],
  ["granularity", ({ granularity }) => granularity],
  ["touch columns", ({ touchWrite }) => touchWrite],
  ["triggers", ({ triggerPolicy }) => triggerPolicy],
  ["invariants", ({ invariants }) => list(invariants.map(({ name }) => name))],
  ["rules", ({ rules = [] }) => list(rules.filter(({ calls }) => calls === undefined).map(({ is }) => is))],
  ["tenant", ({ tenant }) => JSON.stringify(tenant ?? "none")],
  ["actor", ({ actor }) => actor?.column ?? "none"],
  ["redacted columns", ({ redaction }) => JSON.stringify(redaction?.columns ?? "none")],
];
