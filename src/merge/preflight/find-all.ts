import { type Finding, findingLevels } from "../../model/preflight.js";
import type { Evidence } from "./evidence.js";
import { reading } from "./reading.js";
import { scope } from "./scope.js";
import { whoIsWho } from "./who-is-who.js";
import { writing } from "./writing.js";

/** Everything there is to say before any long work, worst first; what holds of several databases is said once. */
export function findAll(evidence: Evidence): readonly Finding[] {
  const findings = [...whoIsWho(evidence), ...reading(evidence), ...scope(evidence), ...writing(evidence)];
  const rank = ({ level }: Finding) => findingLevels.indexOf(level);
  return joinAlike(findings).sort((a, b) => rank(a) - rank(b));
}

function joinAlike(findings: readonly Finding[]): Finding[] {
  const joined = new Map<string, Finding>();
  for (const finding of findings) {
    const { databases, ...rest } = finding;
    const id = JSON.stringify(rest);
    joined.set(id, { ...finding, databases: [...(joined.get(id)?.databases ?? []), ...databases] });
  }
  return [...joined.values()];
}
