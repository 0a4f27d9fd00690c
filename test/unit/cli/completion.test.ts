import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { newFolder } from "../../support/folder.js";
import { pgmend } from "../../support/program.js";

const cwd = newFolder();
const file = (shell: string) => join(cwd, `completion.${shell}`);
const has = (shell: string) => spawnSync(shell, ["--version"]).status === 0;

beforeAll(async () => {
  for (const shell of ["bash", "zsh", "fish"]) {
    const run = await pgmend(["completion", shell], { cwd });
    expect(run).toMatchObject({ exitCode: 0, stderr: "" });
    writeFileSync(file(shell), run.stdout);
  }
  mkdirSync(join(cwd, "recovery two"));
  writeFileSync(join(cwd, "pg mend.yaml"), "");
});

describe.skipIf(!has("bash"))("in bash (skipped where there is none)", () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ["commands", ["pgmend", "re"], ["rehearse", "resolve", "review", "report"]],
    ["flags of a command", ["pgmend", "apply", "--on"], ["--on-drift"]],
    ["after words and flags", ["pgmend", "apply", "recovery", "--yes", "--rec"], ["--reconnect-for"]],
    ["words of a flag", ["pgmend", "plan", "--mode", ""], ["undo", "replay"]],
    ["words after =", ["pgmend", "plan", "--mode", "=", "r"], ["replay"]],
    ["nothing typed after =", ["pgmend", "plan", "--mode", "="], ["undo", "replay"]],
    ["files", ["pgmend", "plan", "--config", "pg"], ["pg mend.yaml"]],
    ["folders", ["pgmend", "verify", "rec"], ["recovery two"]],
    ["folders of a flag, and no files", ["pgmend", "plan", "--out", ""], ["recovery two"]],
    ["files, where --out is one", ["pgmend", "init", "--out", "pg"], ["pg mend.yaml"]],
    ["shells", ["pgmend", "completion", ""], ["bash", "zsh", "fish"]],
    ["nothing for a URL", ["pgmend", "plan", "--pre", ""], []],
    ["nothing for a command that is not there", ["pgmend", "mend", "--"], []],
  ])("%s", (_, words, offered) => {
    const script = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); complete -p pgmend >&2
      _pgmend; ((\${#COMPREPLY[@]} == 0)) || printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync("bash", ["--norc", "-c", script, "-", file("bash"), ...words], {
      cwd,
      encoding: "utf8",
    });
    expect(stderr).toBe("complete -F _pgmend pgmend\n");
    expect(stdout.split("\n").slice(0, -1)).toEqual(offered);
  });
});

it.skipIf(!has("zsh"))("zsh can read it (skipped where there is no zsh)", () => {
  const script = `compdef() { print -r -- "$@"; }; source "$1"`;
  for (const options of [
    ["-n", file("zsh")],
    ["-c", script, "-", file("zsh")],
  ]) {
    const run = spawnSync("zsh", ["-f", ...options], { cwd, encoding: "utf8" });
    expect(run).toMatchObject({ status: 0, stderr: "" });
  }
});

describe.skipIf(!has("fish"))("in fish (skipped where there is none)", () => {
  it.each([
    ["pgmend reh", ["rehearse"]],
    ["pgmend plan --mode ", ["undo", "replay"]],
    ["pgmend apply --on-d", ["--on-drift"]],
    ["pgmend verify rec", ["recovery two/"]],
  ])("%s", (typed, offered) => {
    const script = `source $argv[1]; complete -C $argv[2]`;
    const run = spawnSync("fish", ["--no-config", "-c", script, file("fish"), typed], {
      cwd,
      encoding: "utf8",
    });
    const words = run.stdout
      .split("\n")
      .slice(0, -1)
      .map((line) => line.split("\t")[0]);
    expect(words.toSorted()).toEqual([...offered].toSorted());
  });
});

it.each([
  [["completion"], "say for which shell: bash, zsh, fish"],
  [["completion", "constructor", "more", "--what"], '"constructor" is none of bash, zsh, fish'],
])("%j is asked wrongly", async (words, what) => {
  const run = await pgmend(words, { cwd });
  expect(run).toMatchObject({ exitCode: 2, stdout: "" });
  expect(run.stderr).toContain(what);
  expect(run.stderr.match(/^error: /gm)).toHaveLength(words.length === 1 ? 1 : 3);
});
