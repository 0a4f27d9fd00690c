import type { Command } from "commander";
import { type CommandShape, commandShapes, type FlagShape } from "./command-shape.js";
import { environment } from "./environment.js";
import { exitCodeRows } from "./help-tables.js";

/** docs/cli.md: made of the program, and held to it by a test. */
export function cliPage(program: Command): string {
  const shapes = commandShapes(program);
  const common = commonFlags(shapes);
  return [
    "# Commands of pgmend",
    "",
    "Made of the program by `npm run docs`; `pgmend COMMAND --help` says the same. Data goes to stdout, talk to stderr. Any",
    "command takes these flags, too:",
    "",
    ...flagTable(common),
    "",
    ...table(
      ["command", "what it does"],
      shapes.map(({ name, summary }) => [`[\`${name}\`](#${name})`, cell(summary)]),
    ),
    "",
    "`pgmend` alone on a terminal is `pgmend review`.",
    "",
    "## Exit codes",
    "",
    ...table(["exit code", "meaning"], exitCodeRows()),
    "",
    "What to do at each of them: [runbook.md](runbook.md).",
    "",
    "## Environment",
    "",
    "A flag wins over its variable, and a variable over the config.",
    "",
    ...table(
      ["variable", "meaning"],
      Object.entries(environment).map(([name, words]) => [`\`${name}\``, cell(words)]),
    ),
    "",
    ...shapes.flatMap((shape) => section(program, shape, common)),
  ].join("\n");
}

/** Flags that every command has, and in the same words. */
function commonFlags([first, ...others]: readonly CommandShape[]): readonly FlagShape[] {
  const isIn = (flag: FlagShape) => (shape: CommandShape) =>
    shape.flags.some(({ usage, summary }) => usage === flag.usage && summary === flag.summary);
  return (first?.flags ?? []).filter((flag) => others.every(isIn(flag)));
}

function section(program: Command, shape: CommandShape, common: readonly FlagShape[]): readonly string[] {
  const own = shape.flags.filter((flag) => !common.some(({ name }) => name === flag.name));
  return [
    `## ${shape.name}`,
    "",
    `${sentence(shape.summary)}`,
    "",
    "```",
    `pgmend ${shape.usage}`,
    "```",
    "",
    ...(own.length > 0 ? [...flagTable(own), ""] : []),
    "```text",
    textAfterHelp(program, shape.name),
    "```",
    "",
  ];
}

function flagTable(flags: readonly FlagShape[]): readonly string[] {
  return table(
    ["flag", "what it does"],
    flags.map((flag) => [`\`${flag.usage}\``, cell(flag.summary)]),
  );
}

/** Examples and exit codes, as they stand below the flags in `--help`. */
function textAfterHelp(program: Command, name: string): string {
  const command = program.commands.find((one) => one.name() === name);
  let text = "";
  command?.configureOutput({
    writeOut: (chunk) => {
      text += chunk;
    },
  });
  command?.outputHelp();
  return text.slice(command?.helpInformation().length ?? 0).trim();
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)];
}

/** `*` and `<` would be Markdown. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;").replaceAll("*", "\\*");
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?]$/.test(text) ? "" : "."}`;
}
