import type { SignatureCells } from "../../merge/between/around-damage.js";
import type { RuleUse } from "../../merge/rules/rule-use.js";
import type { TableRule } from "../../merge/rules/rules.js";
import type { StrategyError } from "../../model/errors.js";
import type { PlanSettings, StrategyEntry } from "../../model/settings.js";
import type { Table } from "../../model/table.js";
import type { Session } from "../../postgres/session/session.js";
import type { Attribution } from "../attribution.js";
import type { IntervalCounts } from "../between/interval-counts.js";
import type { ApartRows } from "../comparing/set-apart.js";
import type { Sessions } from "../connect.js";
import type { NewKeys } from "../rekey/new-keys.js";
import type { CopyNumbers } from "./number-copies.js";

/** Rows judged at a time: one look-up in current each. */
export const judgeSize = 1000;

/** Of a table without a key: the look-up scans all of it. */
export const judgeCopiesSize = 20_000;

/** What judging the differences of one table needs. */
export interface Bench {
  readonly table: Table;
  readonly tableIndex: number;
  readonly settings: Pick<PlanSettings, "mode" | "damage" | "granularity" | "touch" | "between">;
  readonly rules: readonly TableRule[];
  readonly ruleUse: RuleUse;
  readonly signatureCells: SignatureCells;
  /** Undefined where there are no snapshots between. */
  readonly intervals: IntervalCounts | undefined;
  readonly strategies: readonly StrategyEntry[];
  readonly current: Session;
  /** In the snapshot of `current`, itself the first: rows are looked up by key over all of them. */
  readonly lookUps: readonly [Session, ...Session[]];
  /** Answers the `where` of rules. */
  readonly where: Session;
  /** Why its deletes are set aside unless a rule speaks of them; undefined for nearly every table. */
  readonly suspicion: string | undefined;
  /** Fingerprints by conflict, of rows about which an earlier plan has a decision: no strategy is asked about them. */
  readonly decided: ReadonlyMap<string, string>;
  /** Keys handed out so far, which what refers to them follows. */
  readonly newKeys: NewKeys;
  /** How to tell whose the rows are, and where: each in the snapshot that it is told by. */
  readonly attribution: Attribution;
  readonly sessions: Pick<Sessions, "pre" | "post">;
  /** Numbers the copies of a table without a key; undefined for one that has a key. */
  readonly copyNumbers: CopyNumbers | undefined;
  /** Rows that cannot be read whole; undefined for nearly every table. */
  readonly apart: ApartRows | undefined;
  readonly onBlame: (error: StrategyError) => void;
}
