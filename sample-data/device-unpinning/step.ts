import type { Moment } from "../moments.js";

/** One transaction of the night. */
export interface Step extends Statement {
  readonly at: Moment;
  /** What the incident does happens to the live database only; what people do happens in both worlds. */
  readonly world: "incident" | "people";
}

/**
 * A statement names its rows by key and never looks at a pin to find them: pins are what differs between the two
 * worlds, and people must do the same in both.
 */
export interface Statement {
  readonly sql: string;
  readonly values: readonly unknown[];
}

export function byPeople(at: Moment, statement: Statement): Step {
  return { at, world: "people", ...statement };
}

export function byIncident(at: Moment, statement: Statement): Step {
  return { at, world: "incident", ...statement };
}
