import type { CommandShape, FlagShape, Taken } from "../reference/command-shape.js";

/** Completion for fish. */
export function fishCompletion(commands: readonly CommandShape[]): string {
  const lines = [
    "# Completion of pgmend in fish: pgmend completion fish > ~/.config/fish/completions/pgmend.fish",
    "complete -c pgmend -f",
    "complete -c pgmend -n __fish_use_subcommand -l help -d 'show help'",
    "complete -c pgmend -n __fish_use_subcommand -l version -d 'show the version'",
    ...commands.flatMap(commandLines),
  ];
  return `${lines.join("\n")}\n`;
}

function commandLines({ name, summary, flags, words }: CommandShape): readonly string[] {
  const within = `complete -c pgmend -n '__fish_seen_subcommand_from ${name}'`;
  return [
    `complete -c pgmend -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
    ...flags.map((flag) => `${within} ${flagWords(flag)}`),
    ...words.flatMap((word) => (word.kind === "text" ? [] : [`${within} ${argument(word)}`])),
  ];
}

function flagWords({ name, summary, takes }: FlagShape): string {
  const value = takes === undefined ? "" : ` ${argument(takes)}`;
  return `-l ${name.slice(2)}${value} -d ${quoted(summary)}`;
}

function argument(taken: Taken): string {
  switch (taken.kind) {
    case "words":
      return `-x -a ${quoted(taken.words.join(" "))}`;
    case "file":
      return "-r -F";
    case "folder":
      return "-x -a '(__fish_complete_directories)'";
    case "text":
      return "-x";
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
