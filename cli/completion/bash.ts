import type { CommandShape, Taken } from "../reference/command-shape.js";

/** Completion for bash, 3.2 and later; nothing else needs to be installed. */
export function bashCompletion(commands: readonly CommandShape[]): string {
  return `# Completion of pgmend in bash. Put this into ~/.bashrc: eval "$(pgmend completion bash)"

_pgmend_offer() {
  local line
  while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen "$@")
}

_pgmend_files() {
  # So that a folder gets its slash, and blanks are quoted.
  compopt -o filenames 2>/dev/null
  _pgmend_offer "$1" -- "$2"
}

_pgmend() {
  COMPREPLY=()
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} command= at
  # bash cuts --mode=undo at the =.
  if [[ $word == = ]]; then
    word=
  elif [[ $before == = && COMP_CWORD -gt 1 ]]; then
    before=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((at = 1; at < COMP_CWORD; at++)); do
    if [[ \${COMP_WORDS[at]} != -* ]]; then
      command=\${COMP_WORDS[at]}
      break
    fi
  done
  if [[ -z $command ]]; then
    _pgmend_offer -W '${[...commands.map(({ name }) => name), "--help", "--version"].join(" ")}' -- "$word"
    return
  fi
  case $command:$before in
${commands.flatMap(valueCases).join("\n")}
  esac
  case $command:$word in
${commands.map(flagCase).join("\n")}
${commands.flatMap(wordCases).join("\n")}
  esac
}

complete -F _pgmend pgmend
`;
}

/** What comes after a flag that takes something. */
function valueCases({ name, flags }: CommandShape): readonly string[] {
  return flags.flatMap((flag) =>
    flag.takes === undefined ? [] : [`    ${name}:${flag.name}) ${offer(flag.takes)}return ;;`],
  );
}

function flagCase({ name, flags }: CommandShape): string {
  return `    ${name}:-*) _pgmend_offer -W '${[...flags.map((flag) => flag.name), "--help"].join(" ")}' -- "$word" ;;`;
}

/** The first word; the others are none that could be offered. */
function wordCases({ name, words: [word] }: CommandShape): readonly string[] {
  const what = word === undefined ? "" : offer(word);
  return what === "" ? [] : [`    ${name}:*) ${what}`.replace(/; $/, " ;;")];
}

function offer(taken: Taken): string {
  switch (taken.kind) {
    case "words":
      return `_pgmend_offer -W '${taken.words.join(" ")}' -- "$word"; `;
    case "file":
      return `_pgmend_files -f "$word"; `;
    case "folder":
      return `_pgmend_files -d "$word"; `;
    case "text":
      return "";
  }
}
