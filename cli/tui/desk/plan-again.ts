import { join } from "node:path";
import {
  InterruptedError,
  openPlanStore,
  openSignatures,
  otherMaking,
  PlanError,
  type PlanHeader,
  type PlanSettings,
  type PlanStore,
  type Progress,
  rowsDone,
  withCalls,
} from "../../../src/index.js";
import { planFile } from "../../files.js";
import { fillFolder } from "../../make-plan.js";
import { NextFiles } from "../../resolve/next-files.js";
import type { Terminal } from "../../terminal.js";
import type { ConnectField } from "../state/state.js";

export type Urls = Readonly<Record<ConnectField, string>>;

/** Why the plan cannot be made again from the review; undefined: it can. */
export async function whyNotAgain(store: PlanStore, urls: Urls): Promise<string | undefined> {
  const header = await store.readHeader();
  if (header.postLog !== undefined)
    return "it was made with a change log: pgmend plan --post-log … --overwrite, with rules that name signatures";
  const { written } = await rowsDone(store);
  if (written > 0)
    return "apply has written rows of this plan; pgmend plan --out makes another one beside it";
  const missing = (["pre", "current"] as const).filter((role) => urls[role] === "");
  const unknown = [...missing, ...(urls.post === "" && hadPost(header) ? ["post"] : [])];
  if (unknown.length === 0) return undefined;
  const flags = unknown.map((role) => `--${role} URL`).join(" ");
  return `planning again reads all databases; leave, and give ${flags}`;
}

/** Left out it would be current: then other rows would count as the incident's. */
function hadPost({ connections: { post, current } }: PlanHeader): boolean {
  return post.database !== current.database || post.server !== current.server;
}

interface Again {
  /** Of the recovery folder. */
  readonly path: string;
  readonly store: PlanStore;
  /** By the config, without calls. */
  readonly settings: PlanSettings;
  /** Nobody else has the plan open; it must be closed before it is replaced. */
  readonly close: () => Promise<void>;
  readonly tell: (progress: Progress) => void;
  readonly terminal: Pick<Terminal, "signal">;
}

/**
 * Makes the plan once more by what signatures are called by now, beside the one that is there, and puts it into its
 * place: all of it or nothing. Decisions are taken over where the rows are the same.
 */
export async function planAgain({ path, store, settings, close, tell, terminal }: Again): Promise<void> {
  const before = await store.readHeader();
  const calls = await (await openSignatures(store)).calls();
  const mark = await store.mark();
  await close();
  const wanted = { ...settings, rules: withCalls(settings.rules, calls) };
  const next = await NextFiles.createWithoutPlan(path);
  try {
    // Held until the new one is made: nobody may decide meanwhile what would be lost.
    const earlier = await openPlanStore(join(path, planFile), { readOnly: true });
    try {
      const asked = { settings: wanted, earlier, only: undefined, method: undefined };
      await fillFolder(next.path, asked, terminal, { show: tell, end: () => undefined });
      await refuseOther(before, join(next.path, planFile));
    } finally {
      await earlier.close();
    }
    if (!(await next.commit(mark))) throw new PlanError("somebody decided something meanwhile; plan again");
  } catch (error) {
    await next.discard();
    // Aborting ends whatever was being written, each in its own words.
    throw terminal.signal.aborted ? new InterruptedError() : error;
  }
}

async function refuseOther(before: PlanHeader, file: string): Promise<void> {
  const store = await openPlanStore(file, { readOnly: true });
  try {
    const others = otherMaking(before, await store.readHeader());
    if (others.length === 0) return;
    const what = `the plan was made otherwise than it would be now, and stays as it is: ${others.join("; ")}`;
    throw new PlanError(what, {
      hint: "put the flags of pgmend plan into the config, or plan without the review",
    });
  } finally {
    await store.close();
  }
}
