import type { Desk, ScanRequest } from "../../cli/tui/effects/desk.js";
import type { Incident } from "../../cli/tui/effects/incident.js";
import type { Recovery } from "../../cli/tui/effects/recovery.js";
import type {
  Call,
  ConflictLine,
  ConflictSelection,
  Review,
  Step,
  WantedResolution,
} from "../../src/index.js";
import { conflictLine, detail, groups, header, plan } from "./sample.js";
import { calledAs, rowStory, timeline } from "./sample-incident.js";
import { applied, approved, preview, rehearsed, standing, verified } from "./sample-recovery.js";

/** A desk without a database: it remembers what it was asked, and knows one plan of fourteen conflicts. */
export class FakeDesk implements Desk {
  readonly asked: string[] = [];
  /** Resolves when what is written is written. */
  writing: Promise<void> = Promise.resolve();
  onStop: () => void = () => undefined;
  /** Thrown by whatever is asked next. */
  failure: Error | undefined;
  readonly #decided = new Map<number, WantedResolution>();
  readonly #calls = new Map<string, Call | undefined>();
  #journal = 0;
  #isWriting = false;

  review(): Review {
    const step = (rows: number): Step => {
      const first = this.#journal + 1;
      this.#journal += rows;
      return { first, last: this.#journal, rows, untouched: 0 };
    };
    return {
      header,
      overview: async () => ({ ...plan.overview }),
      groups: async () => [...groups],
      count: async () => 14,
      conflicts: async (_, from, count) =>
        Array.from({ length: Math.min(count, 14 - from) }, (__, at) => this.#line(from + at)),
      conflict: async (_, at) => ({ ...detail(at), ...this.#line(at) }),
      relatives: async () => ({ rows: [], more: false, withoutCurrent: undefined }),
      decide: async (selection, wanted) => {
        this.#ask(`decide ${wanted.resolution} ${told(selection)}`);
        for (const at of selection.positions ?? []) this.#decided.set(at, wanted);
        return step(selection.positions?.length ?? 14);
      },
      withdraw: async (selection) => {
        this.#ask(`withdraw ${told(selection)}`);
        return step(1);
      },
      undo: async ({ first, last }) => this.#ask(`undo ${first}-${last}`),
      redo: async ({ first, last }) => this.#ask(`redo ${first}-${last}`),
      close: async () => undefined,
    };
  }

  async scan({ urls, mode }: ScanRequest) {
    this.#ask(`scan ${mode} ${Object.values(urls).join(" ")}`);
    return plan;
  }

  recovery(): Recovery {
    return this.#recovery;
  }

  readonly #recovery: Recovery = {
    standing: async () => standing,
    sign: async (comment) => {
      this.#ask(`sign: ${comment}`);
      return approved;
    },
    rehearse: async (on) => {
      this.#ask(`rehearse on ${on}`);
      return rehearsed;
    },
    look: async (direction) => {
      this.#ask(`look: ${direction}`);
      return { ...preview, direction };
    },
    apply: async ({ preview: agreed, onDrift }, tell) => {
      this.#ask(`${agreed.direction}, drift: ${onDrift}`);
      tell({ kind: "step", text: "writing" });
      this.#isWriting = true;
      await this.writing.finally(() => {
        this.#isWriting = false;
      });
      return { kind: "applied", result: { ...applied, direction: agreed.direction } };
    },
    verify: async () => {
      this.#ask("verify");
      return verified;
    },
    pause: (isPaused) => this.#ask(isPaused ? "pause" : "go on"),
  };

  stop(): void {
    if (!this.#isWriting) return;
    this.asked.push("stop");
    this.onStop();
  }

  incident(): Incident {
    return this.#incident;
  }

  readonly #incident: Incident = {
    signatures: async () => calledAs(Object.fromEntries(this.#calls)),
    signatureRows: async (_, from, count) =>
      Array.from({ length: count }, (__, at) => conflictLine(from + at).row),
    call: async (calls) => {
      this.#ask(`call ${[...calls].map(([id, call]) => `${id} ${call}`).join(", ")}`);
      const before = new Map([...calls.keys()].map((id) => [id, this.#calls.get(id)]));
      for (const [id, call] of calls) this.#calls.set(id, call);
      return { before, after: calls };
    },
    story: async ({ table, key }, from) => {
      this.#ask(`story of ${table} ${key.join(",")} by ${from}`);
      return rowStory();
    },
    timeline: async () => timeline(),
  };

  async planAgain() {
    this.#ask("plan again");
    return plan;
  }

  async makePatch() {
    this.#ask("make the patch");
    return 3;
  }

  async patchLines() {
    return ["-- a patch", "UPDATE", "COMMIT"];
  }

  async findInPatch() {
    return 1;
  }

  async writePatch() {
    this.#ask("write the patch");
    return plan;
  }

  #line(at: number): ConflictLine {
    const line = conflictLine(at);
    const wanted = this.#decided.get(at);
    if (wanted === undefined) return line;
    const decision = {
      conflict: `c${at}`,
      table: "public.device",
      key: { id: String(at) },
      kind: "update/update",
    } as const;
    return { ...line, decision: { ...decision, ...wanted, by: "ann", at: "", fingerprint: "" } };
  }

  #ask(what: string): void {
    this.asked.push(what);
    if (this.failure === undefined) return;
    const { failure } = this;
    this.failure = undefined;
    throw failure;
  }
}

const told = ({ positions, groups: some, table }: ConflictSelection): string =>
  JSON.stringify({ positions, groups: some?.length, table });
