import { render } from "ink-testing-library";
import { beforeEach, describe, expect, it } from "vitest";
import { EffectRunner } from "../../cli/tui/effects/effect-runner.js";
import { App } from "../../cli/tui/ink/app.js";
import { Painter } from "../../cli/tui/ink/painter.js";
import { frame } from "../../cli/tui/screens/frame.js";
import { Session } from "../../cli/tui/session.js";
import { placeOf } from "../../cli/tui/state/state.js";
import { lineText } from "../../cli/tui/text/line.js";
import { InterruptedError, UsageError } from "../../src/index.js";
import { FakeDesk } from "./fake-desk.js";
import { onConnect, onOverview } from "./sample.js";

let desk: FakeDesk;
let effects: EffectRunner;
let session: Session;

function start(state = onOverview()): void {
  desk = new FakeDesk();
  effects = new EffectRunner(desk, () => 0);
  session = new Session(state, effects);
}

async function keys(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    session.press({ name, ...(name.length === 1 ? { text: name } : {}) });
    await effects.settled();
  }
}

/** Without waiting for what it begins. */
function press(...names: readonly string[]): void {
  for (const name of names) session.press({ name });
}

/** @returns what ends it */
function holdWriting(): (error: Error) => void {
  let end: (error: Error) => void = () => undefined;
  desk.writing = new Promise((_, reject) => {
    end = reject;
  });
  return end;
}

beforeEach(() => start());

describe("a session", () => {
  it("decides a group, takes it back and does it again", async () => {
    await keys("enter", "c", "u", "ctrl+r");
    expect(desk.asked).toEqual(['decide current {"groups":1}', "undo 1-14", "redo 1-14"]);
    expect(session.state().history.done).toHaveLength(1);
  });

  it("changes what the header counts together with the list below it", async () => {
    await keys("enter");
    const seen = () => {
      const place = placeOf(session.state());
      return [session.state().plan?.overview, place.screen === "groups" ? place.groups : undefined];
    };
    const [overview, groups] = seen();
    const changes: (readonly [boolean, boolean])[] = [];
    session.subscribe(() => {
      const [nowCounted, nowListed] = seen();
      changes.push([nowCounted !== overview, nowListed !== groups]);
    });
    await keys("c");
    expect(changes).toContainEqual([true, true]);
    expect(changes.filter(([isCounted, isListed]) => isCounted !== isListed)).toEqual([]);
  });

  it("takes back without limit, the last first", async () => {
    await keys("enter", "enter", ..."cjcjc", "u", "u", "u", "u");
    expect(desk.asked.slice(3)).toEqual(["undo 3-3", "undo 2-2", "undo 1-1"]);
    expect(session.state().notice?.text).toMatch(/nothing was decided/);
  });

  it("shows on the row what was decided", async () => {
    await keys("enter", "enter", "enter", "i");
    expect(screen()).toContain("✓ incoming decided by ann");
  });

  it("asks PostgreSQL about a value, and says what it said", async () => {
    await keys("enter", "enter", "enter", "e", "ctrl+u");
    desk.failure = new UsageError([{ where: "c0", what: '"x" is no value' }]);
    await keys("x", "enter");
    expect(screen()).toContain('✗ "x" is no value');
    await keys("enter");
    expect(session.state().prompt).toBeUndefined();
  });

  it("says so when something could not be saved", async () => {
    await keys("enter");
    desk.failure = new Error("no space left");
    await keys("c");
    expect(session.state()).toMatchObject({ busy: undefined, notice: { tone: "error" } });
  });

  it("goes from the fields to a plan, and to a written patch", async () => {
    start(onConnect());
    await keys(..."postgresql://a", "tab", "tab", ..."postgresql://b", "ctrl+t", "enter");
    expect(desk.asked).toEqual(["scan replay postgresql://a  postgresql://b"]);
    await keys("p", "w");
    expect(desk.asked.slice(1)).toEqual(["make the patch", "write the patch"]);
    expect(session.state().notice?.text).toMatch(/written into recovery/);
  });

  it("goes from the written patch to a verified database, and back", async () => {
    await keys("m", "r", "enter", "a", "enter", ..."read it", "enter", "x");
    expect(screen()).toContain("to write 1 288 rows, type fleet");
    await keys(..."fleet", "enter", "v", "esc");
    expect(desk.asked).toEqual([
      ...["rehearse on ", "sign: read it", "look: patch", "patch, drift: stop", "verify"],
    ]);
    expect(screen()).toContain("verified: all 1 288 rows as planned");
  });

  it("writes nothing for a wrong name, or none", async () => {
    await keys("m", "x", "enter", ..."yes", "enter", "esc", "m");
    expect(desk.asked).toEqual(["look: patch"]);
  });

  it("pauses and stops what is being written, and does not leave it", async () => {
    const written = holdWriting();
    await keys("m", "x", ..."fleet");
    press("enter", "p", "p", "q", "esc");
    await expect.poll(() => desk.asked).toContain("go on");
    expect(session.state()).toMatchObject({ leaving: undefined, notice: { tone: "warning" } });
    press("ctrl+c");
    expect(desk.asked.slice(1).toSorted()).toEqual(["go on", "patch, drift: stop", "pause", "stop"]);
    written(new InterruptedError("it is safe"));
    await effects.settled();
    expect(screen()).toContain("stopped: 0 rows written; x goes on");
    await keys("ctrl+c");
    expect(session.state().leaving).toBe("interrupted");
  });

  it("never begins what was stopped before its turn came", async () => {
    await keys("m");
    press("v", "esc", "r", "enter", "s");
    await effects.settled();
    expect(desk.asked).toEqual([]);
    expect(screen()).toContain("stopped; all of it was rolled back");
  });

  it("says in a sentence what went wrong, never where in the program", async () => {
    const written = holdWriting();
    await keys("m", "x", ..."fleet");
    press("enter");
    written(new TypeError("cannot read"));
    await effects.settled();
    expect(screen()).toContain("✗ TypeError: cannot read");
    expect(screen()).toContain("x goes on where it ended");
    expect(screen()).not.toContain(".ts:");
  });

  it("goes back to the fields when a scan fails", async () => {
    start(onConnect());
    desk.failure = new UsageError([{ where: "--pre", what: "no connection" }]);
    await keys("enter");
    expect(placeOf(session.state())).toMatchObject({ screen: "connect", focus: "pre" });
    expect(screen()).toContain("no connection");
  });

  it("hears nothing once somebody has left", async () => {
    await keys("q", "enter");
    expect(placeOf(session.state()).screen).toBe("overview");
  });
});

describe("Ink", () => {
  it("draws what the screens say, and hands over the keys", async () => {
    const drawn = new DrawnScreen();
    const painter = new Painter(drawn, false);
    const { stdin, unmount } = render(<App session={session} color={false} painter={painter} />);
    expect(drawn.text()).toBe(screen());
    for (const key of ["\r", "\u001b[B", "j", "k", "\r", "\u001b[6~", "?"]) {
      stdin.write(key);
      await new Promise((resolve) => setTimeout(resolve, 20));
      await effects.settled();
    }
    expect(placeOf(session.state()).screen).toBe("help");
    await expect.poll(() => drawn.text()).toBe(screen());
    unmount();
  });

  it("takes keys that came faster than they were read, one by one", async () => {
    const painter = new Painter(new DrawnScreen(), true);
    const { stdin, unmount } = render(<App session={session} color={true} painter={painter} />);
    stdin.write("jjk\r");
    await expect
      .poll(() => session.state().notice?.text ?? placeOf(session.state()).screen)
      .toMatch(/nothing is in conflict|groups/);
    unmount();
  });
});

/** Enough of a terminal to tell what is on it: lines are put in their places. */
class DrawnScreen {
  readonly #lines: string[] = [];

  write(text: string): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what a terminal is told with
    for (const [, row, line] of text.matchAll(/\u001b\[(\d+);1H\u001b\[2K([^\u001b]*)/g)) {
      this.#lines[Number(row) - 1] = line?.trimEnd() ?? "";
    }
  }

  text(): string {
    return this.#lines.join("\n");
  }
}

function screen(): string {
  const lines = frame(session.state(), false);
  return lines.map((line) => `${line.selected === true ? "> " : "  "}${lineText(line)}`.trimEnd()).join("\n");
}
