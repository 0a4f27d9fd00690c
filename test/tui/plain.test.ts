import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { EffectRunner } from "../../cli/tui/effects/effect-runner.js";
import { runPlain } from "../../cli/tui/plain/run-plain.js";
import { TypedLines } from "../../cli/tui/plain/typed-lines.js";
import { Session } from "../../cli/tui/session.js";
import type { State } from "../../cli/tui/state/state.js";
import { maskTyped } from "../../cli/tui/text/mask-url.js";
import { InterruptedError } from "../../src/index.js";
import { FakeDesk } from "./fake-desk.js";
import { onConnect, onOverview, plan } from "./sample.js";

/** Everything that is said, and what the desk was asked, when these lines are typed. */
const hear = (state: State, ...lines: readonly string[]) => hearAt(new FakeDesk(), state, ...lines);

async function hearAt(desk: FakeDesk, state: State, ...lines: readonly string[]) {
  const effects = new EffectRunner(desk, () => 0);
  const session = new Session(state, effects);
  const [input, out] = [new PassThrough(), new PassThrough()];
  input.end(lines.map((line) => `${line}\n`).join(""));
  const { signal } = new AbortController();
  await runPlain(session, { input, out, signal }, () => effects.settled());
  out.end();
  let said = "";
  for await (const chunk of out) said += String(chunk);
  return { said, asked: desk.asked, leaving: session.state().leaving };
}

describe("--plain", () => {
  it("decides by numbers and keys, in sentences", async () => {
    const { said, asked, leaving } = await hear(onOverview(), "1", "c", "u", "1", "2", "i", "q");
    expect(asked).toEqual(['decide current {"groups":1}', "undo 1-14", 'decide incoming {"positions":[1]}']);
    expect(leaving).toBe("left");
    expect(said).toContain("1. public.device: 21 open, 0 decided, 1 288 to write");
    expect(said).toContain("Done: 14 conflicts: take current (u takes it back)");
    expect(said).toContain("The incident changed release");
  });

  it("moves no cursor and sets no colour", async () => {
    const { said } = await hear(onOverview(), "1", "1", "1", "a", "f", "?", "q");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(said).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
  });

  it("asks for the databases, and takes values and NULL", async () => {
    const { said, asked } = await hear(
      ...[onConnect(), "pre postgresql://u:geheim@a/b", "current postgresql://c/d", "mode", "enter"],
      ...["1", "1", "1", "e", "v9", "e", "NULL", "r", "#1", "p", "w", "q"],
    );
    expect(asked[0]).toBe("scan replay postgresql://u:geheim@a/b  postgresql://c/d");
    expect(asked.slice(1)).toEqual([
      'decide value {"positions":[0]}',
      'decide value {"positions":[0]}',
      "make the patch",
      "write the patch",
    ]);
    expect(said).not.toContain("geheim");
  });

  it("goes from the written patch to a verified database, in sentences", async () => {
    const { said, asked } = await hear(
      ...[onOverview(), "m", "1", "postgresql://u:geheim@clone/b", "a", "enter", "read it"],
      ...["x", "y", "fleet", "v", "esc", "z", "q"],
    );
    expect(asked).toEqual([
      ...["rehearse on postgresql://u:geheim@clone/b", "sign: read it", "look: patch"],
      ...["patch, drift: stop", "verify"],
    ]);
    expect(said).toContain("public.device: 1 288 updates");
    expect(said).toContain("Not taken: that is not fleet");
    expect(said).toContain("verified: all 1 288 rows as planned");
    expect(said).toContain("Note: apply has written nothing");
    expect(said).not.toContain("geheim");
  });

  it("hears pause and stop while it writes, and leaves the rest for later", async () => {
    const desk = new FakeDesk();
    desk.writing = new Promise((_, reject) => {
      desk.onStop = () => reject(new InterruptedError());
    });
    const { said, asked } = await hearAt(desk, onOverview(), "m", "x", "fleet", "p", "p", "s", "esc", "q");
    expect(asked).toEqual(["look: patch", "patch, drift: stop", "pause", "go on", "stop"]);
    expect(said).toContain("stopped: 0 rows written; x goes on");
  });

  it("shows nothing of a password while it is typed in a terminal", async () => {
    const terminal = Object.assign(new PassThrough(), { isTTY: true as const, modes: [] as boolean[] });
    const setRawMode = (mode: boolean) => {
      terminal.modes.push(mode);
      return terminal as unknown as NodeJS.ReadStream;
    };
    const out = new PassThrough();
    const typed = new TypedLines(Object.assign(terminal, { setRawMode }), out);
    const line = typed.next(maskTyped);
    for (const key of "pre postgresql://ann:12geheiX\u007fm@db/a\u001b[D\u0007\r") terminal.write(key);
    expect(await line).toBe("pre postgresql://ann:12geheim@db/a");
    expect(out.read().toString()).toBe(`pre postgresql://ann:${"*".repeat(8)}\b \b${"*".repeat(6)}\n`);
    expect(terminal.modes).toEqual([true, false]);
    terminal.end("mode\nenter");
    expect([await typed.next(), await typed.next(), await typed.next()]).toEqual([
      "mode",
      "enter",
      undefined,
    ]);
  });

  it.each([
    ["pre postgresql://ann@db/a?password=x&user=b", "pre postgresql://ann@db/a?password=********"],
    ["current host=db password=x", "current host=db password=*"],
    ["mode", "mode"],
  ])("of %s it shows %s", (line, seen) => {
    expect(maskTyped(line)).toBe(seen);
  });

  it("leaves when nobody types any more", async () => {
    expect((await hear(onOverview())).leaving).toBe("interrupted");
  });

  it("says why a word does nothing", async () => {
    expect((await hear(onOverview(), "z", "q")).said).toContain("Note: z does nothing here");
  });
});

describe("--plain tells of the incident", () => {
  it("signatures, what they are called, their rows and the story of one, in sentences", async () => {
    const { said, asked } = await hear(onOverview(), "s", "l", "u", "L", "1", "1", "esc", "esc", "w", "q");
    expect(asked).toEqual([
      ...["call S1 legitimate", "call S1 undefined"],
      "call S1 legitimate, S2 legitimate, S3 legitimate, S4 legitimate",
      ...["story of public.device 0 by plan", "story of public.device 0 by databases", "plan again"],
    ]);
    expect(said).toContain("3. S3: 5 rows of public.device: release changed, unlike S1");
    expect(said).toContain(
      "Planned again: 0 to be judged, apply 0 (−1 288), conflict 7 (−14), kept 1 308 (+1 302)",
    );
    expect(said).toMatch(/rule +1 \(called in pgmend review: S1\): damage/);
  });

  it("the timeline", async () => {
    const { said } = await hear({ ...onOverview(), plan: { ...plan, timeline: "timeline.json" } }, "t", "q");
    expect(said).toContain(
      "22:12 to 22:16, abnormal: 2 022 changed. public.device: 1 982 updated: release → NULL",
    );
  });
});
