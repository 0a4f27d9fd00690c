import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { deviceUnpinning } from "../../sample-data/device-unpinning/story.js";
import { truncateCascade } from "../../sample-data/truncate-cascade/story.js";
import { newFolder } from "../support/folder.js";
import { folderWithPgmend, runScript } from "../support/shell.js";
import { repository } from "./cruise.js";

const folder = join(repository, "docs", "runbook");
const page = readFileSync(join(repository, "docs", "runbook.md"), "utf8");

describe("docs/runbook.md and its scripts", () => {
  it("run the same commands, to the letter", () => {
    const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text = ""]) => text).join("");
    const told = blocks.split("\n").filter((line) => line.startsWith("pgmend "));
    const plain = told.map((line) => line.replace(/ +#.*$/, ""));
    expect([...new Set(plain)].toSorted()).toEqual([...new Set(scripted())].toSorted());
  });

  it("name every file of the folder", () => {
    const told = readdirSync(folder).filter((name) => name !== "steps.sh");
    for (const name of told) expect(page).toContain(`(runbook/${name})`);
  });

  it.each([
    ["undo.yaml", deviceUnpinning],
    ["replay.yaml", truncateCascade],
  ])(
    "%s is what the responder of the sample incident wrote (npm run docs writes it)",
    async (name, story) => {
      await expect(story.config).toMatchFileSnapshot(join(folder, name));
    },
  );
});

interface Line {
  readonly step: string;
  readonly code: string;
  readonly reaction: string;
}

/** The table "At each exit code". */
const lines: readonly Line[] = [...page.matchAll(/^\| (\w+) \| (\d+) \|.*\| ([\w :,]+) \|$/gm)].map(
  ([, step = "", code = "", reaction = ""]) => ({ step, code, reaction }),
);

describe("at each exit code", () => {
  it("every step is there with every code", () => {
    const steps = [...new Set(lines.map(({ step }) => step))];
    const codes = (step: string) => lines.filter((line) => line.step === step).map(({ code }) => code);
    const told = steps.map((step) => [step, codes(step).join(" ")]);
    expect(Object.fromEntries(told)).toEqual({
      init: "0 1 2 130",
      check: "0 1 2 3 130",
      plan: "0 1 2 3 130",
      list: "0 1 2 3 130",
      resolve: "0 1 2 3 130",
      rehearse: "0 1 2 3 4 130",
      approve: "0 1 2 130",
      apply: "0 1 2 3 4 130",
      verify: "0 1 2 4 130",
      rollback: "0 1 2 4 130",
    });
  });

  it.each(lines)("$step: $code: the scripts $reaction", async ({ step, code, reaction }) => {
    const cwd = newFolder();
    const config = join(cwd, "pgmend.yaml");
    if (step !== "init") writeFileSync(config, "");
    // A resolve is only asked for where something is open.
    const codes = { [step]: code, ...(step === "resolve" ? { list: "3" } : {}) };
    const bin = folderWithPgmend(stub(codes));
    const env = { CONFIG: config, DECIDED_BY: "ann", REVIEWER: "bob", LEAVE_OPEN: "yes" };
    const words = step === "rollback" ? ["back"] : [];
    const run = await runScript(join(folder, "undo.sh"), words, { cwd, bin, env });
    const last = run.steps.at(-1);
    if (reaction.startsWith("go on")) {
      expect(run, run.stderr).toMatchObject({ exitCode: reaction === "go on" ? 0 : 3 });
      expect(run.steps).toContainEqual([step, Number(code)]);
      expect(last?.[0]).toBe(step === "rollback" ? "rollback" : "verify");
    } else {
      expect(`stop: ${run.exitCode}`).toBe(reaction);
      expect(last).toEqual([step, Number(code)]);
      expect(run.stderr).toMatch(/^stopped: \S/m);
    }
  });

  it.each([
    ["check", 1],
    ["check", 3],
    ["plan", 3],
    ["plan", 130],
    ["rehearse", 1],
    ["rehearse", 4],
  ] as const)("a drill fails at %s: %i", async (step, code) => {
    const bin = folderWithPgmend(stub({ [step]: String(code) }));
    const run = await runScript(join(folder, "drill.sh"), [], { cwd: newFolder(), bin });
    expect(run.exitCode).toBe(code);
    expect(run.steps.at(-1)).toEqual([step, code]);
  });
});

/** A `pgmend` that does nothing but end with the code it is told. */
function stub(codes: Readonly<Record<string, string>>): string {
  const cases = Object.entries(codes).map(([step, code]) => `  ${step}) exit ${code} ;;`);
  return `step=$1
case "$*" in *--list*) step=list ;; *--rollback*) step=rollback ;; esac
case $step in plan) for word; do case $word in */recovery | recovery) mkdir -p "$word"; : >"$word/plan.duckdb" ;; esac; done ;; esac
case $step in
${cases.join("\n")}
esac`;
}

/** What the scripts run, as it would be typed. */
function scripted(): readonly string[] {
  const texts = readdirSync(folder).filter((name) => name.endsWith(".sh"));
  const code = texts.map((name) => readFileSync(join(folder, name), "utf8").replaceAll(/ \\\n +/g, " "));
  return code.join("\n").split("\n").flatMap(typed);
}

function typed(line: string): readonly string[] {
  const [, command] = /^ *(?:run|keep) \w+ (pgmend .*)$/.exec(line) ?? [];
  if (command !== undefined) return command.includes('"$@"') ? [] : [command];
  const [, decision] = /^ *decide (.*)$/.exec(line) ?? [];
  return decision === undefined
    ? []
    : [`pgmend resolve "$OUT" --config "$CONFIG" --by "$DECIDED_BY" ${decision}`];
}
