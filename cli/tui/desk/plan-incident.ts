import {
  type CallStep,
  type Calls,
  type ConnectionTarget,
  explainRow,
  openSignatures,
  type PlannedRow,
  type PlanStore,
  type RowStory,
  type Signatures,
  type TimelineSummary,
  UsageError,
} from "../../../src/index.js";
import { readTimeline } from "../../timeline/read-timeline.js";
import type { Incident } from "../effects/incident.js";
import type { StorySource } from "../state/actions.js";
import type { FoundSignatures, StoryOf } from "../state/incident-places.js";
import { connectFields } from "../state/state.js";
import { type Urls, whyNotAgain } from "./plan-again.js";

interface Known {
  /** Open to write; whoever opened it closes it. */
  readonly store: PlanStore;
  /** Empty: not known. */
  readonly urls: Urls;
  /** Who calls signatures something. */
  readonly by: string;
  /** The file; undefined: there is none. */
  readonly timeline: string | undefined;
  readonly signal: AbortSignal;
}

/** What one open plan tells of the incident, and what lies beside it. */
export class PlanIncident implements Incident {
  readonly #known: Known;
  #signatures: Promise<Signatures> | undefined;

  constructor(known: Known) {
    this.#known = known;
  }

  async signatures(): Promise<FoundSignatures> {
    const { store, urls } = this.#known;
    const list = await (await this.#opened()).list();
    return { list, cannotPlan: await whyNotAgain(store, urls) };
  }

  async signatureRows(signature: string, from: number, count: number): Promise<readonly PlannedRow[]> {
    return (await this.#opened()).rows(signature, from, count);
  }

  async call(calls: Calls): Promise<CallStep> {
    return (await this.#opened()).call(calls, { by: this.#known.by, at: new Date().toISOString() });
  }

  async story({ table, key, isPlanned }: StoryOf, from: StorySource): Promise<RowStory | undefined> {
    const { store, signal } = this.#known;
    if (from === "plan") return explainRow({ store, table, key, targets: {} });
    const targets = this.#targets();
    if (isPlanned && Object.keys(targets).length === 0) return undefined;
    return explainRow({ store, table, key, targets, signal });
  }

  async timeline(): Promise<TimelineSummary> {
    const { timeline } = this.#known;
    if (timeline === undefined)
      throw new UsageError([{ where: "--timeline", what: "there is no timeline in the folder" }]);
    return readTimeline(timeline);
  }

  #targets(): Readonly<Record<string, ConnectionTarget>> {
    const { urls } = this.#known;
    const known = connectFields.filter((role) => urls[role] !== "");
    return Object.fromEntries(known.map((role) => [role, { url: urls[role] }]));
  }

  #opened(): Promise<Signatures> {
    this.#signatures ??= openSignatures(this.#known.store);
    return this.#signatures;
  }
}
