import type { RowStory } from "../model/row-story.js";
import { type DatabaseRole, databaseRoles, type Value } from "../model/value.js";
import { visible } from "../model/visible.js";
import { outcomeWords } from "./outcome-words.js";
import { kindWords } from "./why-not.js";

/** The story of a row for a terminal. Columns that differ are marked with a star. */
export function storyText(story: RowStory): string {
  const lines = [
    visible(`${story.table} ${JSON.stringify(story.key)}`),
    "",
    ...versionLines(story),
    "",
    ...factLines(story),
    ...unmoved(story),
    ...story.notes.map((note) => `note: ${visible(note)}`),
    ...(story.sql === null
      ? []
      : ["", "What the patch does, as a statement of its own:", "", visibleLines(story.sql)]),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

function versionLines(story: RowStory): readonly string[] {
  const { planned, between = [], merged, now, differing } = story;
  const versions = [
    ...databaseRoles.flatMap((role) => [
      // Those between come before post.
      ...(role === "post" ? between.map(({ label, row }) => ({ title: visible(label), row })) : []),
      ...(planned[role] === undefined ? [] : [{ title: role, row: planned[role] }]),
    ]),
    ...(merged === undefined
      ? []
      : [
          { title: "base", row: merged.base },
          { title: "incoming", row: merged.incoming },
        ]),
    ...databaseRoles.flatMap((role) =>
      now[role] === undefined || isAsPlanned(story, role) ? [] : [{ title: `${role} now`, row: now[role] }],
    ),
  ];
  const names = Object.keys(versions.find(({ row }) => row !== null)?.row ?? {});
  const lines = names.map((name) => [
    `${differing.includes(name) ? "*" : " "} ${shortened(visible(name))}`,
    ...versions.map(({ row }) => (row === null ? "no row" : cell(row[name] ?? null))),
  ]);
  return grid([["  column", ...versions.map(({ title }) => title)], ...lines]);
}

/** Whether the database still has what the plan saw: then a column of its own would tell nothing. */
function isAsPlanned({ planned, now }: RowStory, role: DatabaseRole): boolean {
  const [then, today] = [planned[role], now[role]];
  if (!then || !today) return then === today;
  return Object.keys(then).every((name) => then[name] === today[name]);
}

function unmoved(story: RowStory): readonly string[] {
  const roles = databaseRoles.filter((role) => story.now[role] !== undefined && isAsPlanned(story, role));
  return roles.length === 0 ? [] : [`${"now".padEnd(10)} as the plan saw it: ${roles.join(", ")}`];
}

const widest = 28;

function cell(value: Value): string {
  return value === null ? "NULL" : shortened(visible(JSON.stringify(value)));
}

function shortened(text: string): string {
  return text.length > widest ? `${text.slice(0, widest - 1)}…` : text;
}

function grid(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((text, at) => text.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

function factLines(story: RowStory): readonly string[] {
  return storyFacts(story).map(([name, words]) => `${name.padEnd(10)} ${visible(words)}`);
}

/** What happened to the row and what the plan does, a sentence a word. Not escaped. */
export function storyFacts(story: RowStory): readonly (readonly [name: string, words: string])[] {
  const { incident, transaction, signature, rule, outcome, reason, conflict, change } = story;
  if (incident === null || outcome === null) return [];
  const at = transaction?.committedAt ?? null;
  const written =
    transaction === null ? "" : `, in transaction ${transaction.id}${at === null ? "" : ` at ${at}`}`;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["incident", `${incident}${written}`],
    ["signature", signature === null ? undefined : `${signature.id}: ${signature.words}`],
    ["rule", rule === null ? "none; the default of the mode" : `${rule.number} (${rule.where}): ${rule.is}`],
    ["outcome", `${outcome}: ${outcomeWords(outcome)}${reason === null ? "" : `; ${reason}`}`],
    ["conflict", conflict === null ? undefined : conflictWords(conflict)],
    ["decision", conflict === null ? undefined : decisionWords(conflict)],
    [
      "patch",
      change === null
        ? "does not write it"
        : `${change.operation} of ${Object.keys(change.columns).join(", ")}`,
    ],
  ];
  return facts.flatMap(([name, words]) => (words === undefined ? [] : [[name, words] as const]));
}

function conflictWords({ conflict, kind, columns, cause }: NonNullable<RowStory["conflict"]>): string {
  const where = columns.length === 0 ? "" : ` in ${columns.join(", ")}`;
  return `${kind}${where} (${conflict}): ${cause ?? kindWords(kind) ?? "in conflict"}`;
}

function decisionWords({ resolution, reason, decided }: NonNullable<RowStory["conflict"]>): string {
  if (resolution === null) return "open";
  const who = decided === null ? "by a strategy" : `by ${decided.by} at ${decided.at}`;
  return `${resolution}, ${who}${reason === null ? "" : `: ${reason}`}`;
}

function visibleLines(sql: string): string {
  return sql.split("\n").map(visible).join("\n");
}
