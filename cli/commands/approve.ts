import type { Command } from "commander";
import { type Approval, approve, number, visible } from "../../src/index.js";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import { openFolder } from "../resolve/open-folder.js";
import type { Terminal } from "../terminal.js";
import { onFolder } from "./on-folder.js";
import { addCommonFlags, type CommonFlags, type Runner } from "./register.js";

interface Flags extends CommonFlags {
  readonly by?: string;
  readonly comment?: string;
}

const examples = `
Examples:
  $ pgmend approve --by 'Ada Lovelace' --comment 'read patch.sql, asked about the two conflicts'
  $ pgmend approve recovery-2 --by ada --json

It signs what the plan would write, by its fingerprint, and keeps the signature in the plan. A plan that is changed
afterwards needs another one: pgmend apply --require-approval refuses it, and says what changed.

Exit codes: 0 signed, 1 it failed, 2 asked wrongly.`;

export function addApprove(program: Command, { terminal, run }: Runner): void {
  const command = program
    .command("approve [folder]")
    .description("sign the patch as reviewed")
    .option("--by <name>", "who signs")
    .option("--comment <text>", "what was looked at")
    .addHelpText("after", examples);
  addCommonFlags(command).action((folder: string | undefined, flags: Flags) =>
    run(() => approveCommand(command, folder, flags, terminal)),
  );
}

async function approveCommand(
  command: Command,
  folder: string | undefined,
  flags: Flags,
  terminal: Terminal,
): Promise<ExitCode> {
  const { out } = terminal;
  const { path, mistakes, refuseMistakes } = await onFolder(command, { folder }, flags, terminal);
  const by = flags.by?.trim() ?? "";
  if (by === "") mistakes.push({ where: "--by", what: "say who signs" });
  refuseMistakes();
  const store = await openFolder(path, { readOnly: false });
  try {
    const approval = await approve(store, { by, comment: flags.comment });
    out.write(flags.json === true ? `${JSON.stringify(approval, null, 2)}\n` : approvalText(approval));
    return exitCodes.done;
  } finally {
    await store.close();
  }
}

function approvalText({ by, at, fingerprint, tables }: Approval): string {
  const lines = Object.entries(tables).map(
    ([table, counts]) =>
      `  ${visible(table)}: ${number(counts.insert)} inserts, ${number(counts.update)} updates, ${number(counts.delete)} deletes\n`,
  );
  return `Approved by ${visible(by)} at ${at}, fingerprint ${fingerprint.slice(0, 16)}:\n${lines.join("")}`;
}
