import type { Mode } from "../../src/index.js";
import { listStart } from "./state/list.js";
import type { ConnectField, PlanInfo, Size, State } from "./state/state.js";
import { entryOf } from "./state/text-entry.js";

interface Start {
  readonly size: Size;
  /** Where it is, or will be. */
  readonly folder: string;
  readonly urls: Readonly<Record<ConnectField, string>>;
  readonly mode: Mode;
  /** Undefined: there is none yet, and the first screen asks for the databases. */
  readonly plan: PlanInfo | undefined;
}

/** The state before anything happened. */
export function startState({ size, folder, urls, mode, plan }: Start): State {
  const fields = { pre: entryOf(urls.pre), post: entryOf(urls.post), current: entryOf(urls.current) };
  const places: State["places"] = [
    plan === undefined
      ? { screen: "connect", id: 0, fields, mode, focus: "pre", errors: [], folder }
      : { screen: "overview", id: 0, list: listStart },
  ];
  return {
    ...{ size, places, plan, nextPlace: 1 },
    ...{ standing: undefined, verdicts: {}, history: { done: [], undone: [] } },
    calls: { done: [], undone: [] },
    ...{ reason: "", prompt: undefined, notice: undefined, busy: undefined, leaving: undefined },
  };
}
