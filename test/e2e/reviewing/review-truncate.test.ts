import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compareDatabases } from "../../../sample-data/compare-databases.js";
import { truncateCascade } from "../../../sample-data/truncate-cascade/story.js";
import { createDatabase, databaseUrl } from "../../support/database.js";
import { Program } from "../../support/program.js";
import { nameOf, runPatch } from "../../support/recovery.js";
import { agreeTo, expectScreen, startReview } from "../../support/review.js";
import { whileLocked } from "../../support/sessions.js";
import { hasTmux, type Tmux } from "../../support/tmux.js";

const program = new Program();

describe.skipIf(!hasTmux)(
  "the truncate cascade in a terminal (skipped without tmux, which is the terminal)",
  () => {
    it("from the first screen to a verified database, by keys alone", { timeout: 300_000 }, async () => {
      const played = await truncateCascade.play({ url: databaseUrl, scale: 0.2, seed: 7 });
      const current = await createDatabase("patient", played.current);
      const { config } = truncateCascade;
      const sitting = { program, played: { ...played, current }, config, size: [120, 40] } as const;
      const { terminal, folder } = startReview(sitting);
      await terminal.until("Three databases tell");
      terminal.keys("Enter");
      await terminal.until(/47 open[\s\S]*Overview[\s\S]*public\.comment +7/);
      terminal.keys("a");
      await expectScreen(terminal, "truncate-groups", /> +7 +· +public\.comment[\s\S]*u undo/);
      terminal.keys("Enter");
      await expectScreen(terminal, "truncate-rows", /1 of 7 rows[\s\S]*> \d/);
      terminal.keys("Enter");
      await expectScreen(terminal, "truncate-row", "foreign-key constraint");
      // What breaks a constraint is rightly not written: a group of it is decided, then a search. The rest stays open.
      terminal.keys("C");
      await terminal.until("✓ 7 conflicts: take current");
      terminal.keys("Escape");
      await terminal.until(/of 7 rows/);
      terminal.keys("Escape");
      await terminal.until("what happened to which column");
      terminal.keys("/");
      terminal.type("unique");
      terminal.keys("Enter");
      await terminal.until(/Conflicts of all tables with "unique"/);
      terminal.keys("C");
      await expectScreen(
        terminal,
        "truncate-decided",
        /39 decided[\s\S]*> +✓ +2 +public\.favorite[\s\S]*✓ \d+ conflicts: take current/,
      );
      terminal.keys("p");
      await terminal.until(/not written yet[\s\S]*-- pgmend patch/);
      terminal.keys("w");
      await terminal.until("written into");
      terminal.keys("m");
      await terminal.until(/0 of \d+ rows written/);
      // Half of it is written when the terminal is closed.
      await whileLocked(current, "public.favorite", async () => {
        await agreeTo(terminal, "x", current);
        await terminal.until(/[1-9]\d* of \d+ rows,[\s\S]*in the way of others/);
        const { pid } = terminal;
        await terminal.killed(pid);
      });
      await goOn(startReview({ ...sitting, folder }).terminal, current, played.truth);
      expect(await compareDatabases(current, played.current)).toEqual([]);
      const byHand = await createDatabase("patient", played.current);
      const ran = await runPatch(join(folder, "patch.sql"), byHand, { pgmend_database: nameOf(byHand) });
      expect(ran).toMatchObject({ exitCode: 0 });
      expect(await compareDatabases(byHand, played.truth, { sequences: true })).toEqual([]);
    });
  },
);

/** The rest is written, verified, and all of it taken back. */
async function goOn(terminal: Tmux, current: string, truth: string): Promise<void> {
  await terminal.until("Overview");
  terminal.keys("m");
  await terminal.until(/[1-9]\d* of \d+ rows written/);
  await agreeTo(terminal, "x", current);
  await terminal.until("v verifies all of it");
  terminal.keys("v");
  await expectScreen(terminal, "truncate-verified", "✓ verified: all");
  expect(await compareDatabases(current, truth, { sequences: true })).toEqual([]);
  await agreeTo(terminal, "z", current);
  await expectScreen(terminal, "truncate-taken-back", "rows taken back");
  terminal.keys("q");
  expect(await terminal.exitCode()).toBe(3);
}
