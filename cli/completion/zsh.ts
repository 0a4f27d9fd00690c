import type { CommandShape, FlagShape, Taken } from "../reference/command-shape.js";

/** Completion for zsh, as a file of a folder in fpath or to be evaluated. */
export function zshCompletion(commands: readonly CommandShape[]): string {
  return `#compdef pgmend
# Completion of pgmend in zsh: pgmend completion zsh > ~/.zfunc/_pgmend, with ~/.zfunc in fpath.

_pgmend() {
  local state line
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`).join("\n")}
  )
  _arguments -C '(- *)--help[show help]' '(- *)--version[show the version]' '1:command:->command' '*::word:->word'
  case $state in
    command) _describe command commands ;;
    word)
      case $line[1] in
${commands.map(commandCase).join("\n")}
      esac
      ;;
  esac
}

if [[ $funcstack[1] == _pgmend ]]; then
  _pgmend "$@"
else
  compdef _pgmend pgmend
fi
`;
}

function commandCase({ name, flags, words }: CommandShape): string {
  const specs = [...flags.map(flagSpec), ...words.map((word) => `*:word:${action(word)}`)];
  return `        ${name})\n          _arguments ${specs.map(quoted).join(" \\\n            ")}\n          ;;`;
}

function flagSpec({ name, summary, takes, repeats }: FlagShape): string {
  const what = takes === undefined ? "" : `:${name.slice(2)}:${action(takes)}`;
  return `${repeats ? "*" : ""}${name}[${summary.replaceAll(/[[\]\\:]/g, "\\$&")}]${what}`;
}

function action(taken: Taken): string {
  switch (taken.kind) {
    case "words":
      return `(${taken.words.join(" ")})`;
    case "file":
      return "_files";
    case "folder":
      return "_files -/";
    case "text":
      return "";
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
