import type { Mode, PlanSettings } from "../../src/index.js";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import type { Terminal } from "../terminal.js";
import { PlanDesk } from "./desk/plan-desk.js";
import type { ScanRequest } from "./effects/desk.js";
import { EffectRunner } from "./effects/effect-runner.js";
import { loadInk } from "./ink/load-ink.js";
import { runPlain } from "./plain/run-plain.js";
import { Session } from "./session.js";
import { startState } from "./start-state.js";
import { openTables, totals } from "./state/overview.js";
import { applyUnderWay } from "./state/runs.js";
import type { ConnectField, State } from "./state/state.js";
import { sizeOf } from "./terminal-size.js";
import { clip, shown } from "./text/measure.js";

export interface ReviewRequest {
  /** The recovery folder, as the person named it. */
  readonly folder: string;
  /** Empty: not given. */
  readonly urls: Readonly<Record<ConnectField, string>>;
  readonly mode: Mode;
  readonly settingsFor: (request: ScanRequest) => PlanSettings;
  readonly by: string;
  /** The config has `requireApproval`. */
  readonly needsApproval: boolean;
  /** A timeline, or a folder with one, as the person named it. */
  readonly timeline: string | undefined;
  readonly plain: boolean;
  readonly color: boolean;
  readonly terminal: Terminal;
  readonly input: NodeJS.ReadStream;
  readonly out: NodeJS.WriteStream;
}

/** The whole review, from the first screen to the last. What is being saved is saved before it ends. */
export async function runReview(request: ReviewRequest): Promise<ExitCode> {
  const { folder, urls, mode, terminal, settingsFor, by, needsApproval, timeline, input, out, color } =
    request;
  const desk = new PlanDesk({ folder, terminal, settingsFor, urls, by, needsApproval, timeline });
  try {
    const { plain } = request;
    const [plan, ink] = await tellMeanwhile(plain ? undefined : folder, out, () =>
      Promise.all([desk.hasPlan ? desk.open() : undefined, plain ? undefined : loadInk()]),
    );
    const effects = new EffectRunner(desk, () => performance.now());
    const session = new Session(startState({ size: sizeOf(out), folder, urls, mode, plan }), effects);
    if (ink === undefined)
      await runPlain(session, { input, out, signal: terminal.signal }, () => effects.settled());
    else await ink.runInk(session, { input, out, color }, terminal);
    await effects.settled();
    return farewell(session.state(), terminal);
  } finally {
    await desk.close();
  }
}

/** A large plan takes a moment on a busy machine: a word until the first screen is there, and nothing of it after. */
async function tellMeanwhile<T>(
  folder: string | undefined,
  out: NodeJS.WriteStream,
  work: () => Promise<T>,
): Promise<T> {
  if (folder === undefined) return work();
  out.write(clip(`opening ${shown(folder)}…`, sizeOf(out).columns - 1));
  try {
    return await work();
  } finally {
    out.write("\r\u001b[2K");
  }
}

/** What is to be known once the screen is gone. */
function farewell(state: State, { err }: Terminal): ExitCode {
  const { plan, leaving } = state;
  if (plan !== undefined && applyUnderWay(state) !== undefined) {
    const again = "pgmend review, m, x goes on, and so does pgmend apply";
    err.write(
      `Writing was stopped. What was written is safe and in the journal of ${plan.folder}: ${again}.\n`,
    );
  }
  if (plan !== undefined && plan.overview.notInPatch > 0) {
    err.write(`What was decided is saved. It is not in ${plan.folder}/patch.sql yet: pgmend review, p, w.\n`);
  }
  if (leaving === "interrupted") return exitCodes.interrupted;
  if (plan === undefined) return exitCodes.done;
  return totals(plan).open + openTables(plan) > 0 ? exitCodes.open : exitCodes.done;
}
