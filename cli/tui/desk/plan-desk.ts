import { existsSync } from "node:fs";
import { join, resolve as resolvePath } from "node:path";
import {
  type ConnectionTarget,
  openPlanStore,
  openReview,
  PlanError,
  type PlanSettings,
  type PlanStore,
  type Progress,
  type Review,
  recoveryFiles,
  resolve,
  timelineFile,
  UsageError,
} from "../../../src/index.js";
import { planFile, writeFiles } from "../../files.js";
import { makePlan } from "../../make-plan.js";
import { timelineBeside } from "../../report/timeline-beside.js";
import { finishMove, isMoving } from "../../resolve/finish-move.js";
import { NextFiles } from "../../resolve/next-files.js";
import type { Terminal } from "../../terminal.js";
import { timelineIn } from "../../timeline/read-timeline.js";
import type { Desk, ScanRequest } from "../effects/desk.js";
import type { Incident } from "../effects/incident.js";
import type { Recovery } from "../effects/recovery.js";
import type { PlanInfo } from "../state/state.js";
import { PatchText } from "./patch-text.js";
import { planAgain, type Urls } from "./plan-again.js";
import { PlanIncident } from "./plan-incident.js";
import { PlanRecovery } from "./plan-recovery.js";

export interface DeskOptions {
  /** The recovery folder, as the person named it. */
  readonly folder: string;
  readonly terminal: Terminal;
  /** What the plan is made with. @throws UsageError with every mistake */
  readonly settingsFor: (request: ScanRequest) => PlanSettings;
  /** The databases, where they are known; empty: they are not. */
  readonly urls: Urls;
  /** A timeline, or a folder with one, as the person named it; undefined: the one in the recovery folder, if any. */
  readonly timeline: string | undefined;
  /** Who decides. */
  readonly by: string;
  /** The config has `requireApproval`. */
  readonly needsApproval: boolean;
}

/** What was made beside the folder, and not put into it yet. */
interface Made {
  readonly next: NextFiles;
  readonly text: PatchText;
  /** Of the plan that it was made of. */
  readonly mark: string;
}

/** The desk on which a recovery folder lies. The plan is open while it is looked at: nobody else decides meanwhile. */
export class PlanDesk implements Desk {
  readonly #options: DeskOptions;
  readonly #path: string;
  #urls: Urls;
  #store: PlanStore | undefined;
  #review: Review | undefined;
  #recovery: PlanRecovery | undefined;
  #incident: PlanIncident | undefined;
  #made: Made | undefined;
  #scanning: AbortController | undefined;

  constructor(options: DeskOptions) {
    this.#options = options;
    this.#urls = options.urls;
    this.#path = resolvePath(options.terminal.cwd, options.folder);
  }

  /** Whether there is a plan to open. */
  get hasPlan(): boolean {
    return existsSync(join(this.#path, planFile)) || isMoving(this.#path);
  }

  /** @throws PlanError when there is none, or when somebody else has it open */
  async open(): Promise<PlanInfo> {
    await finishMove(this.#path);
    const store = await openPlanStore(join(this.#path, planFile));
    const now = () => new Date().toISOString();
    const { by, needsApproval, terminal } = this.#options;
    const known = { store, current: this.#current, by };
    const { signal } = terminal;
    try {
      this.#review = await openReview({ ...known, now });
      this.#recovery = new PlanRecovery({ ...known, needsApproval, signal });
      this.#incident = new PlanIncident({ store, by, signal, urls: this.#urls, timeline: this.#timeline });
      this.#store = store;
    } catch (error) {
      await store.close();
      throw error;
    }
    return this.#info();
  }

  review(): Review {
    if (this.#review === undefined) throw new PlanError("no plan is open");
    return this.#review;
  }

  recovery(): Recovery {
    if (this.#recovery === undefined) throw new PlanError("no plan is open");
    return this.#recovery;
  }

  incident(): Incident {
    if (this.#incident === undefined) throw new PlanError("no plan is open");
    return this.#incident;
  }

  async scan(request: ScanRequest, tell: (progress: Progress) => void): Promise<PlanInfo> {
    const { terminal, folder, settingsFor } = this.#options;
    const settings = settingsFor(request);
    this.#scanning = new AbortController();
    const signal = AbortSignal.any([terminal.signal, this.#scanning.signal]);
    const progress = { show: tell, end: () => undefined };
    const talk = { quiet: true, color: false };
    await makePlan({ settings, out: folder, overwrite: false }, { ...terminal, signal }, talk, progress);
    this.#urls = request.urls;
    return this.open();
  }

  async planAgain(tell: (progress: Progress) => void): Promise<PlanInfo> {
    const { terminal, settingsFor } = this.#options;
    const store = this.#store;
    if (store === undefined) throw new PlanError("no plan is open");
    const { mode } = await store.readHeader();
    const settings = settingsFor({ urls: this.#urls, mode });
    this.#scanning = new AbortController();
    const signal = AbortSignal.any([terminal.signal, this.#scanning.signal]);
    const close = () => this.#closeReview();
    await this.#discard();
    try {
      await planAgain({ path: this.#path, store, settings, close, tell, terminal: { signal } });
    } finally {
      await this.#closeReview();
      await this.open();
    }
    return this.#info();
  }

  stop(): void {
    this.#scanning?.abort();
    this.#recovery?.stop();
  }

  async makePatch(): Promise<number> {
    const current = this.#current;
    if (current === undefined) {
      const what = "constraints are checked against current, and no connection to it is known";
      throw new UsageError([{ where: "--current", what: `${what}; give --current URL or PGMEND_CURRENT` }]);
    }
    await this.#discard();
    await this.#closeReview();
    try {
      this.#made = await this.#make(current);
      return this.#made.text.lines;
    } finally {
      await this.open();
    }
  }

  async #make(current: ConnectionTarget): Promise<Made> {
    const { signal } = this.#options.terminal;
    const timeline = await timelineBeside(this.#path);
    const next = await NextFiles.create(this.#path);
    try {
      const store = await openPlanStore(join(next.path, planFile));
      try {
        await resolve({ store, current, signal });
        await writeFiles(next.path, (await recoveryFiles(store, { timeline })).files, signal);
        const mark = await store.mark();
        return { next, mark, text: await PatchText.open(join(next.path, "patch.sql")) };
      } finally {
        await store.close();
      }
    } catch (error) {
      await next.discard();
      throw error;
    }
  }

  async patchLines(from: number, count: number): Promise<readonly string[]> {
    return this.#patch().text.page(from, count);
  }

  findInPatch(text: string, after: number, backwards: boolean): Promise<number | undefined> {
    return this.#patch().text.find(text, after, backwards);
  }

  async writePatch(): Promise<PlanInfo> {
    const { next, mark } = this.#patch();
    await this.#closeReview();
    let isWritten = false;
    try {
      isWritten = await next.commit(mark);
    } finally {
      await this.open();
    }
    if (!isWritten)
      throw new PlanError(
        "something was decided or applied since this patch was made; go back and make it anew",
      );
    return this.#info();
  }

  /** What was made and not written is gone; what was decided is saved. */
  async close(): Promise<void> {
    await this.#discard();
    await this.#closeReview();
  }

  #patch(): Made {
    if (this.#made === undefined) throw new PlanError("no patch was made");
    return this.#made;
  }

  get #current(): ConnectionTarget | undefined {
    return this.#urls.current === "" ? undefined : { url: this.#urls.current };
  }

  get #timeline(): string | undefined {
    const { timeline, terminal } = this.#options;
    return timelineIn(timeline === undefined ? this.#path : resolvePath(terminal.cwd, timeline));
  }

  async #info(): Promise<PlanInfo> {
    const review = this.review();
    const { folder, timeline } = this.#options;
    const told = this.#timeline === undefined ? undefined : (timeline ?? join(folder, timelineFile));
    return { folder, header: review.header, overview: await review.overview(), timeline: told };
  }

  async #closeReview(): Promise<void> {
    await this.#review?.close();
    this.#review = undefined;
    this.#recovery = undefined;
    this.#incident = undefined;
    this.#store = undefined;
  }

  async #discard(): Promise<void> {
    const made = this.#made;
    this.#made = undefined;
    await made?.text.close();
    await made?.next.discard();
  }
}
