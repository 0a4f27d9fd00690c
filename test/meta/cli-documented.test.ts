import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { makeProgram } from "../../cli/program.js";
import { cliPage } from "../../cli/reference/cli-page.js";
import { commandShapes } from "../../cli/reference/command-shape.js";
import { environment } from "../../cli/reference/environment.js";
import { flagWords } from "../../cli/reference/flag-words.js";
import { newFolder } from "../support/folder.js";
import { pgmend } from "../support/program.js";
import { repository } from "./cruise.js";

const shapes = commandShapes(theProgram());

it("docs/cli.md is what the program says (npm run docs writes it)", async () => {
  await expect(cliPage(theProgram())).toMatchFileSnapshot(join(repository, "docs", "cli.md"));
});

it("every command has examples and exit codes", () => {
  const page = cliPage(theProgram());
  for (const { name } of shapes) {
    const section = page.split(/^## /m).find((text) => text.startsWith(`${name}\n`)) ?? "";
    expect(section).toMatch(/^Examples:\n {2}\$ .*\bpgmend /m);
    expect(section).toMatch(/^Exit codes?:? 0/m);
  }
});

it("every variable that the code reads is told", () => {
  const folders = ["cli", "src", "merge-strategies"].map((name) => join(repository, name));
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
  );
  const read = files
    .filter((name) => /\.tsx?$/.test(name))
    // React's switches are set, not read.
    .filter((name) => !name.endsWith("load-ink.ts"))
    .flatMap((name) => [...readFileSync(name, "utf8").matchAll(/\benv\["(\w+)"\]/g)].map(([, word]) => word));
  expect(read.length).toBeGreaterThan(3);
  expect(read.filter((word) => word !== undefined && !Object.hasOwn(environment, word))).toEqual([]);
});

describe("the words of flags", () => {
  const asked = Object.entries(flagWords).map(([flag, words]) => {
    const command = shapes.find(({ flags }) => flags.some(({ name }) => name === flag))?.name ?? "";
    return { flag, words, command };
  });

  it.each(asked)("$command $flag takes these, and refuses others", async ({ flag, words, command }) => {
    const run = await pgmend([command, flag, "nonsense", "--reopen"], { cwd: newFolder() });
    expect(run.exitCode).toBe(2);
    const [, known = ""] =
      new RegExp(`^error: ${flag}: .*"nonsense".*?(?:none of|known are) ([^;\n]*)`, "m").exec(run.stderr) ??
      [];
    expect(known.split(", ")).toEqual(words);
  });

  it("none of a flag that is not there", () => {
    expect(asked.filter(({ command }) => command === "")).toEqual([]);
  });
});

function theProgram() {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const { signal } = new AbortController();
  const terminal = { input: new PassThrough(), out, err, env: {}, cwd: repository, signal };
  return makeProgram({ terminal, run: async () => undefined });
}
