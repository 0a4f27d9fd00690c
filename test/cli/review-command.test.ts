import { describe, expect, it } from "vitest";
import { newFolder } from "../support/folder.js";
import { pgmend } from "../support/program.js";

describe("pgmend review without a terminal", () => {
  it("says what to use instead, and exits 2", async () => {
    const { exitCode, stdout, stderr } = await pgmend(["review"], { cwd: newFolder() });
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("needs a terminal");
    expect(stderr).toContain("pgmend plan");
    expect(stderr).toContain("pgmend resolve");
  });

  it("is not what pgmend alone does then", async () => {
    const { exitCode, stderr } = await pgmend([], { cwd: newFolder() });
    expect(exitCode).toBe(2);
    for (const word of ["no terminal", "say what to do", "pgmend plan makes", "pgmend resolve decides"]) {
      expect(stderr).toContain(word);
    }
  });

  it("tells every mistake at once", async () => {
    const { exitCode, stderr } = await pgmend(["review", "--mode", "redo", "--nonsense"], {
      cwd: newFolder(),
    });
    expect(exitCode).toBe(2);
    for (const what of ["--nonsense", '"redo" is none of undo, replay', "needs a terminal"]) {
      expect(stderr).toContain(what);
    }
  });

  it("has help with examples", async () => {
    const { exitCode, stdout } = await pgmend(["review", "--help"], { cwd: newFolder() });
    expect(exitCode).toBe(0);
    for (const word of ["--plain", "$ pgmend review", "Exit codes"]) expect(stdout).toContain(word);
  });
});
