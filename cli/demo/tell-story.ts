import { join, relative } from "node:path";
import { builtInStrategies } from "../../merge-strategies/index.js";
import { compareDatabases } from "../../sample-data/compare-databases.js";
import { copyDatabase } from "../../sample-data/databases.js";
import { runSqlFile } from "../../sample-data/server/psql.js";
import { startServer } from "../../sample-data/server/start-server.js";
import type { PlayedStory, Story } from "../../sample-data/story.js";
import { number, openPlanStore, summaryText, UsageError, verify } from "../../src/index.js";
import { planFile } from "../files.js";
import { makePlan } from "../make-plan.js";
import { parseSettings } from "../settings/parse-settings.js";
import { parseConfig } from "../settings/read-config.js";
import type { Talk, Terminal } from "../terminal.js";
import { checkConflicts } from "./check-conflicts.js";

export interface Demo {
  readonly story: Story;
  /** Where the recovery folder is left. */
  readonly out: string;
  readonly scale: number;
  readonly seed: number;
}

/** Plays a story, recovers from it, and holds the result against what is known to be right. */
export async function tellStory(demo: Demo, terminal: Terminal, talk: Talk): Promise<boolean> {
  const say = (text: string) => terminal.out.write(`${text}\n`);
  say(`${demo.story.title}\n`);
  const server = await startServer();
  const stop = () => void server.stop();
  terminal.signal.addEventListener("abort", stop, { once: true });
  try {
    const { story, scale, seed } = demo;
    const url = (database: string) => server.url(database);
    const played = await story.play({ url, scale, seed, onStep: (text) => say(`  ${text}`) });
    say("");
    return await recover(demo, played, { url, say, terminal, talk });
  } finally {
    terminal.signal.removeEventListener("abort", stop);
    await server.stop();
  }
}

interface Scene {
  readonly url: (database: string) => string;
  readonly say: (text: string) => void;
  readonly terminal: Terminal;
  readonly talk: Talk;
}

async function recover({ story, out }: Demo, played: PlayedStory, scene: Scene): Promise<boolean> {
  const { say, terminal, talk } = scene;
  say("$ pgmend plan --config pgmend.yaml        # with the rules a responder would write");
  const { pre, post, current } = played;
  const settings = parseSettings({
    flags: { pre, post, current },
    env: {},
    file: parseConfig(story.config, "pgmend.yaml"),
    strategies: builtInStrategies,
  });
  const summary = await makePlan({ settings, out, overwrite: true }, terminal, talk).catch(
    sayOutIsTaken(out),
  );
  say(summaryText(summary));
  const checks = await checkRecovery(out, played, scene);
  const conflicts = await checkConflicts(join(out, "conflicts.jsonl"), played.conflicts);
  say(verdictText("every conflict the story knows of is listed, and no other", conflicts));
  const held = checks && conflicts.length === 0;
  say(
    held
      ? `\nThe recovered database is, cell by cell, what it should have been. Read ${relative(terminal.cwd, out)}/patch.sql and report.html.`
      : "\nThe recovered database is NOT what it should have been.",
  );
  return held;
}

/** The demo replaces its own folder of the last time, and nothing else. */
function sayOutIsTaken(out: string) {
  return (error: unknown): never => {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(error.mistakes, `choose another folder than ${out} with --out`);
  };
}

/** Applies, verifies, applies again, takes back, applies once more; each state is held against the one expected. */
async function checkRecovery(out: string, { current, truth }: PlayedStory, scene: Scene): Promise<boolean> {
  const before = scene.url("before_the_patch");
  await copyDatabase(scene, current, before);
  const results: boolean[] = [];
  const check = async (what: string, expected: string) => {
    const found = await compareDatabases(current, expected);
    const texts = found.map(
      (d) => `${d.table} ${JSON.stringify(d.key)} ${d.column}: ${d.left} instead of ${d.right}`,
    );
    scene.say(verdictText(what, texts));
    results.push(found.length === 0);
  };
  await run("patch.sql", out, current, scene);
  await check("the database equals the truth, cell by cell", truth);
  results.push(await checkVerify(out, current, scene));
  await run("patch.sql", out, current, scene);
  await check("a second run changed nothing", truth);
  await run("rollback.sql", out, current, scene);
  await check("the rollback brought back every byte", before);
  await run("patch.sql", out, current, scene);
  await check("and the patch restores it again", truth);
  return results.every(Boolean);
}

async function run(file: string, out: string, url: string, { say }: Scene): Promise<void> {
  say(`$ psql -X -v ON_ERROR_STOP=1 -f ${file}`);
  const { exitCode, stderr } = await runSqlFile(url, join(out, file));
  const notices = stderr
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => `  ${line.replace(/^psql:.*?:\d+: /, "")}`);
  if (notices.length > 0) say(notices.join("\n"));
  if (exitCode !== 0) say(`  exit code ${exitCode}`);
}

async function checkVerify(out: string, url: string, { say }: Scene): Promise<boolean> {
  const store = await openPlanStore(join(out, planFile), { readOnly: true });
  try {
    const { asPlanned, notWritten, moved } = await verify({ store, current: { url } });
    say(
      verdictText(
        `pgmend verify: ${number(asPlanned)} rows are as planned`,
        notWritten + moved > 0 ? ["some are not"] : [],
      ),
    );
    return notWritten + moved === 0;
  } finally {
    await store.close();
  }
}

const shownProblems = 5;

function verdictText(what: string, problems: readonly string[]): string {
  if (problems.length === 0) return `  ok    ${what}`;
  const shown = problems.slice(0, shownProblems).map((problem) => `        ${problem}`);
  return [`  WRONG ${what}`, ...shown].join("\n");
}
