import type { ScreenName } from "../state/state.js";
import { type Binding, bindingsOf, type KeyScope } from "./key-table.js";
import { editingKeys } from "./press.js";

/** What each screen is for, as headings of the help and of docs/keys.md. */
export const scopeTitles: Readonly<Record<KeyScope, string>> = {
  connect: "Connect: which three databases",
  scan: "Scan: comparing",
  overview: "Overview: tables and what becomes of their rows",
  groups: "Conflicts: grouped by what they have in common",
  rows: "Rows: the conflicts of a group",
  row: "Row: one conflict",
  details: "Cell: whole, in all its versions",
  patch: "Patch: what will be written",
  signatures: "Signatures: what the changes have in common",
  "signature-rows": "Signature: its rows",
  story: "Story: one row, in all databases and the plan",
  timeline: "Timeline: what changed between snapshots",
  recovery: "Recovery: from the written patch to a verified database",
  rehearse: "Rehearse: the patch, run and rolled back",
  approve: "Approve: what would be signed",
  apply: "Apply: writing to the database, or taking it back",
  verify: "Verify: is the database what the plan says",
  help: "Help: the keys",
  prompt: "While a line of text is asked for",
};

/** `↑`, `enter`, `ctrl+r`, as people read them. */
export function keyName(key: string): string {
  return { up: "↑", down: "↓", left: "←", right: "→", enter: "⏎" }[key] ?? key;
}

/** docs/keys.md: made of the key table, and held to it by a test. */
export function keysPage(): string {
  const scopes = Object.keys(scopeTitles) as ScreenName[];
  const sections = scopes.flatMap((scope) => [
    `## ${scopeTitles[scope]}`,
    "",
    ...tableOf(bindingsOf(scope)),
    "",
  ]);
  const editing = editingKeys.map(({ keys, help }) => row(keys, help));
  return [
    "# Keys of `pgmend review`",
    "",
    "Every key there is, by screen. The footer shows the most useful ones, `?` shows all of them, and a key that does",
    "nothing says why. `ctrl+c` leaves at once, from everywhere; what was decided is saved. While a database is written to,",
    "it stops that first, after the batch at hand. With `--plain`, the same keys are typed and followed by enter.",
    "",
    ...[...sections, "## In any line of text", "", ...heading, ...editing],
    "",
  ].join("\n");
}

const heading = ["| key | what it does |", "|---|---|"];

const tableOf = (bindings: readonly Binding[]): readonly string[] => [
  ...heading,
  ...bindings.map(({ keys, help }) => row(keys, help)),
];

const row = (keys: readonly string[], help: string): string =>
  `| ${keys.map((key) => `\`${keyName(key)}\``).join(" ")} | ${help} |`;
