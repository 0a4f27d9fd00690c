import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { listAll, newFolder } from "../support/folder.js";
import { pgmend } from "../support/program.js";

const commands = ["apply", "approve", "explain", "rehearse", "report", "resolve", "verify"];

describe("a command about a recovery folder", () => {
  it.each(commands)("%s lists what is wrong with words and config together", async (command) => {
    const cwd = newFolder();
    writeFileSync(join(cwd, "pgmend.yaml"), "outt: here\nconnections: { current: 7 }\n");
    const run = await pgmend([command, "--nothing"], { cwd, env: {} });
    expect(run).toMatchObject({ exitCode: 2, stdout: "" });
    const lines = run.stderr.trimEnd().split("\n");
    expect(lines[0]).toBe("error: --nothing: there is no such flag");
    expect(lines).toContainEqual(expect.stringMatching(/^error: pgmend.yaml:1:1 outt: /));
    expect(lines).toContainEqual(expect.stringMatching(/^error: pgmend.yaml:2:25 connections.current: /));
    expect(lines.at(-1)).toBe(`hint: pgmend ${command} --help shows every flag with examples`);
    // It may be in the part that cannot be read.
    expect(run.stderr).not.toContain("no connection");
    expect(listAll(cwd)).toEqual(["pgmend.yaml"]);
  });

  it("says nothing of flags where only the config is wrong", async () => {
    const cwd = newFolder();
    writeFileSync(join(cwd, "pgmend.yaml"), "outt: here\n");
    const run = await pgmend(["verify", "--current", "postgresql://nowhere/db"], { cwd, env: {} });
    expect(run.stderr).toMatch(/^error: pgmend.yaml:1:1 outt: .*\n$/);
  });
});
