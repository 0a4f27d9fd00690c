import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createDatabase, query } from "../../support/database.js";
import { Program, pgmend } from "../../support/program.js";
import { expectScreen, startReview } from "../../support/review.js";
import { hasTmux, type Tmux } from "../../support/tmux.js";

const program = new Program();

/** A migration blanks two hundred releases; nine people write others meanwhile; since then somebody mended one. */
async function play() {
  const pre = await createDatabase("fleet");
  await query(pre, "CREATE TABLE device (id integer PRIMARY KEY, release text, note text)");
  await query(
    pre,
    "INSERT INTO device SELECT n, 'v' || n % 7, E'\\u001b[2Jnote \\u202e' || n FROM generate_series(1, 300) AS n",
  );
  const post = await createDatabase("fleet", pre);
  await query(post, "UPDATE device SET release = NULL WHERE id <= 200");
  for (let id = 201; id < 210; id += 1)
    await query(post, `UPDATE device SET release = 'v9.${id}' WHERE id = ${id}`);
  const current = await createDatabase("fleet", post);
  await query(current, "UPDATE device SET release = 'v8' WHERE id = 7");
  return { pre, post, current };
}

/** What `pgmend timeline` says of the same databases, put into the folder as `docs/timeline.md` says. */
async function withTimeline(databases: Awaited<ReturnType<typeof play>>, folder: string): Promise<void> {
  const { pre, post, current } = databases;
  const snapshots = ["--snapshot", `22:08=${pre}`, `22:12=${post}`, `22:16=${current}`];
  const cwd = join(folder, "..");
  const told = await pgmend(["timeline", ...snapshots, "--out", "timeline", "--quiet"], { cwd });
  expect(told).toMatchObject({ exitCode: 0 });
  cpSync(join(cwd, "timeline", "timeline.json"), join(folder, "timeline.json"));
}

const changes = (folder: string) => readFileSync(join(folder, "changes.jsonl"), "utf8");

/** The next key is pressed once the screen says so. */
async function through(terminal: Tmux, ...steps: readonly (readonly [key: string, text: string | RegExp])[]) {
  for (const [key, text] of steps) {
    terminal.keys(key);
    await terminal.until(text);
  }
}

describe.skipIf(!hasTmux)("an incident in a terminal (skipped without tmux, which is the terminal)", () => {
  it("signatures are called what they are, and planned again; a row's story; the timeline", async () => {
    const played = await play();
    const sitting = { program, played, config: "mode: undo\n" } as const;
    const first = startReview(sitting);
    const { folder } = first;
    await through(first.terminal, ["Enter", /Overview[\s\S]*public\.device/], ["s", /S1 +200 +· incoming/]);
    await through(first.terminal, ["j", /> S2 +9 +· incoming/], ["l", "S2 is legitimate (u takes it back)"]);
    await expectScreen(
      first.terminal,
      "incident-called",
      /kept 9 \(\+9\)[\s\S]*1 call is not in the plan yet/,
    );
    await through(first.terminal, [
      "u",
      /taken back[\s\S]*S2 +9 +· incoming|S2 +9 +· incoming[\s\S]*taken back/,
    ]);
    await through(first.terminal, ["C-r", /S2 +9 +→ legitimate/]);
    await first.terminal.kill();
    expect(changes(folder)).toContain('"201"');

    // What was called is saved; what lies in the folder beside the plan stays there.
    await withTimeline(played, folder);
    const { terminal } = startReview({ ...sitting, folder });
    await through(terminal, ["", "Overview"], ["s", /S2 +9 +→ legitimate/], ["d", /S1 +200 +→ damage/]);
    await through(terminal, ["w", /planned again: 2 signatures/]);
    await expectScreen(terminal, "incident-planned", /S1 +200 +damage[\s\S]*S2 +9 +legitimate/);
    await pgmend(["plan", "--damage-signature", "S1", "--out", "by-flag", "--quiet", "--no-decisions"], {
      cwd: join(folder, ".."),
      env: { PGMEND_PRE: played.pre, PGMEND_POST: played.post, PGMEND_CURRENT: played.current },
    });
    expect(changes(folder)).toBe(changes(join(folder, "..", "by-flag")));

    await through(terminal, ["Enter", /row 1 of 200/], ["G", /> 200 /], ["g", /> 1 /], ["t", "pre now"]);
    await expectScreen(terminal, "incident-story", /rule +1 \(called in pgmend review: S1\): damage/);
    await through(terminal, ["Escape", /row 1 of 200/], ["Escape", "what was done"], ["Escape", "to write"]);
    terminal.keys("t");
    await expectScreen(terminal, "incident-timeline", /Timeline[\s\S]*22:08 → 22:12 +209/);
    terminal.keys("q");
    expect(await terminal.exitCode()).toBe(3);
  }, 120_000);
});
