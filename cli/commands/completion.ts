import { Argument, type Command } from "commander";
import { UsageError } from "../../src/index.js";
import { bashCompletion } from "../completion/bash.js";
import { fishCompletion } from "../completion/fish.js";
import { zshCompletion } from "../completion/zsh.js";
import { exitCodes } from "../exit-codes.js";
import { type CommandShape, commandShapes } from "../reference/command-shape.js";
import { addCommonFlags, type Runner, unknownWords } from "./register.js";

const shells: ReadonlyMap<string, (commands: readonly CommandShape[]) => string> = new Map([
  ["bash", bashCompletion],
  ["zsh", zshCompletion],
  ["fish", fishCompletion],
]);

const examples = `
Examples:
  $ eval "$(pgmend completion bash)"                                        in ~/.bashrc
  $ pgmend completion zsh > ~/.zfunc/_pgmend                                with ~/.zfunc in fpath
  $ pgmend completion fish > ~/.config/fish/completions/pgmend.fish

Exit codes: 0 printed, 2 asked wrongly.`;

export function addCompletion(program: Command, { terminal, run }: Runner): void {
  // Its words are told, and not checked by commander: a mistake is told with all others.
  const shell = new Argument("[shell]", "bash, zsh or fish");
  shell.argChoices = [...shells.keys()];
  const command = program
    .command("completion")
    .description("print what makes a shell complete commands, flags and their words: bash, zsh, fish")
    .addArgument(shell)
    .addHelpText("after", examples);
  addCommonFlags(command).action((name: string | undefined) =>
    run(async () => {
      const mistakes = [...unknownWords(command, 1)];
      const known = [...shells.keys()].join(", ");
      const print = shells.get(name ?? "");
      if (print === undefined)
        mistakes.push({
          where: "pgmend completion",
          what: name === undefined ? `say for which shell: ${known}` : `"${name}" is none of ${known}`,
        });
      if (print === undefined || mistakes.length > 0) throw new UsageError(mistakes);
      terminal.out.write(print(commandShapes(program)));
      return exitCodes.done;
    }),
  );
}
