import { join, relative } from "node:path";
import { builtInStrategies } from "../../merge-strategies/index.js";
import { startServer } from "../../sample-data/server/start-server.js";
import type { PlayedStory, Story } from "../../sample-data/story.js";
import { summaryText, UsageError } from "../../src/index.js";
import { makePlan } from "../make-plan.js";
import { parseSettings } from "../settings/parse-settings.js";
import { parseConfig } from "../settings/read-config.js";
import type { Talk, Terminal } from "../terminal.js";
import { checkConflicts } from "./check-conflicts.js";
import { checkRecovery } from "./check-recovery.js";
import { checkReplay } from "./check-replay.js";
import { type Check, type Scene, sayVerdict } from "./scene.js";

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
  const summary = await makePlan({ settings, out, overwrite: true, decisions: false }, terminal, talk).catch(
    sayOutIsTaken(out),
  );
  say(summaryText(summary));
  const before = scene.url("before_the_patch");
  const results = [await checkRecovery(out, played, before, scene)];
  const checks: Check[] = [
    {
      what: "every conflict the story knows of is listed, and no other",
      problems: await checkConflicts(join(out, "conflicts.jsonl"), played.conflicts),
    },
  ];
  if (played.replay !== undefined)
    checks.push(
      ...(await checkReplay(played.replay, played, { out, summary, rules: settings.rules, before })),
    );
  for (const check of checks) results.push(sayVerdict(scene, check));
  const held = results.every(Boolean);
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
