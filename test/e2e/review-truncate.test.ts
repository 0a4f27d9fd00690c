import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compareDatabases } from "../../sample-data/compare-databases.js";
import { truncateCascade } from "../../sample-data/truncate-cascade/story.js";
import { createDatabase, databaseUrl } from "../support/database.js";
import { Program } from "../support/program.js";
import { nameOf, runPatch } from "../support/recovery.js";
import { expectScreen, startReview } from "../support/review.js";
import { hasTmux } from "../support/tmux.js";

const program = new Program();

describe.skipIf(!hasTmux)(
  "the truncate cascade in a terminal (skipped without tmux, which is the terminal)",
  () => {
    it("from the first screen to a patch that mends the database", { timeout: 180_000 }, async () => {
      const played = await truncateCascade.play({ url: databaseUrl, scale: 0.2, seed: 7 });
      const size = [120, 40] as const;
      const { terminal, folder } = startReview({ program, played, config: truncateCascade.config, size });
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
        /> +✓ +2 +public\.favorite[\s\S]*✓ \d+ conflicts: take current/,
      );
      terminal.keys("p");
      await terminal.until(/not written yet[\s\S]*-- pgmend patch/);
      terminal.keys("w");
      await terminal.until("written into");
      terminal.keys("q");
      expect(await terminal.exitCode()).toBe(3);
      const patient = await createDatabase("patient", played.current);
      const ran = await runPatch(join(folder, "patch.sql"), patient, { pgmend_database: nameOf(patient) });
      expect(ran).toMatchObject({ exitCode: 0 });
      expect(await compareDatabases(patient, played.truth, { sequences: true })).toEqual([]);
    });
  },
);
