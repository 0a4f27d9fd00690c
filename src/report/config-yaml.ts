import type { Candidate, ConfigDraft, Keyless, StrategySuggestion } from "../model/config-draft.js";
import { visible } from "../model/visible.js";
import { plural } from "./text.js";
import { wrap } from "./wrap.js";

const width = 100;

/**
 * `pgmend.yaml`. What is plain is set; what is a guess stands there as a suggestion, in lines that begin with `#: ` and
 * are settings without it. Names come from the database: they are quoted in settings, and their hidden characters are
 * shown everywhere.
 */
export function configYaml(draft: ConfigDraft, writtenAt: string): string {
  const sections = [
    head(draft, writtenAt),
    mode(draft),
    rules(draft),
    touch(draft),
    ...(draft.renames.length === 0 ? [] : [renames(draft)]),
    keys(draft),
    exclusions(draft),
    strategies(draft),
    owners(draft),
    sequences(draft),
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** A line for people. */
function remark(text: string): readonly string[] {
  return wrap(visible(text), width, "# ");
}

/** A setting that is taken by removing the mark. */
function suggestion(line: string): string {
  return `#: ${line}`;
}

/** Words that YAML, in one version or another, takes for something else. */
const notText = /^(true|false|yes|no|on|off|null|y|n|~)$/i;

/** Text as YAML reads it, on one line. JSON is YAML, but for what YAML would call a break of the line. */
function scalar(text: string): string {
  return /^[a-z_][a-z0-9_.]*$/i.test(text) && !notText.test(text) ? text : visible(JSON.stringify(text));
}

function list(texts: readonly string[]): string {
  return `[${texts.map(scalar).join(", ")}]`;
}

function head({ connections, tables }: ConfigDraft, writtenAt: string): readonly string[] {
  return [
    ...remark(
      `Settings of pgmend, drafted by pgmend init on ${writtenAt} from ${tables} ${plural(tables, "table")}.`,
    ),
    ...remark(
      "Read it before you rely on it. What is plain is set; what is a guess is only suggested, in lines that begin with " +
        '"#: ": take that away from those that are right.',
    ),
    "#",
    ...remark(
      "Connections come from the environment, or from flags, so that no password stands here. Passwords may also come " +
        "from ~/.pgpass or PGPASSWORD.",
    ),
    ...connections.map(({ variable, url }) => `#   export ${variable}='${visible(url)}'`),
    "#",
    ...remark("Then: pgmend check, pgmend plan."),
  ];
}

function mode({ mode: chosen }: ConfigDraft): readonly string[] {
  return [
    ...remark("undo: the live database went on from post; take back what the incident did there."),
    ...remark(
      "replay: the live database was restored from pre; put back what people did in the lost window.",
    ),
    `mode: ${chosen}`,
  ];
}

function rules({ mode: chosen }: ConfigDraft): readonly string[] {
  const fallback =
    chosen === "undo"
      ? "Without a rule, every update and delete between pre and post counts as damage, people's own work in that window too."
      : "Without a rule, everything between pre and post is put back, but for mass deletes (see guard).";
  return [
    ...remark(
      "What of the difference between pre and post is damage? The first rule that matches a row decides it.",
    ),
    ...remark(fallback),
    ...remark(
      "where is SQL over the rows pre, post and current; names in it need their schema. For example:",
    ),
    "#",
    ...exampleRule,
  ];
}

const exampleRule = [
  "#   rules:",
  "#     - match:",
  "#         tables: [public.device]",
  "#         operations: [update]",
  "#         columns: [release]",
  '#         where: "pre.release IS NOT NULL AND post.release IS NULL"',
  "#       is: damage            # damage | legitimate | excluded",
];

function touch({ touch: { columns, maybe } }: ConfigDraft): readonly string[] {
  const others = maybe.length === 0 ? [] : remark(`Add these if they say the same: ${maybe.join(", ")}.`);
  return [
    ...remark(
      "Columns that record that a row was written, not what it says. They never conflict by themselves.",
    ),
    ...(columns.length === 0 ? remark("None was found: every row that was saved since is a conflict.") : []),
    ...others,
    ...(columns.length > 0 ? [`touch: { columns: ${list(columns)} }`] : []),
    ...(columns.length === 0 && maybe.length > 0 ? [suggestion(`touch: { columns: ${list(maybe)} }`)] : []),
  ];
}

function keys({ keyless }: ConfigDraft): readonly string[] {
  if (keyless.length === 0) return remark("Every table that the three have in common has a key.");
  const nameable = keyless.filter(({ key }) => key !== undefined);
  return [
    ...remark(
      `${keyless.length} ${plural(keyless.length, "table")} without a key in common. Where none of the three has a key, whole rows are compared and ` +
        "counted, and an update is a delete and an insert; where their keys differ, a plan stays open (exit code 3). Name " +
        "columns that tell rows apart, and they are compared row by row.",
    ),
    ...keyless.flatMap(({ table, why }) => remark(`  ${table}: ${why}`)),
    ...(nameable.length === 0 ? [] : [suggestion("keys:"), ...nameable.map(keyLine)]),
  ];
}

function keyLine({ table, key }: Keyless): string {
  return suggestion(`  ${scalar(table)}: ${list(key ?? [])}`);
}

function renames({ renames: found }: ConfigDraft): readonly string[] {
  return [
    ...remark(
      "What looks renamed, by its type alone: table and column are current's names, pre and post what it is called there. " +
        "What is not mapped is not compared.",
    ),
    suggestion("renames:"),
    ...found.map((entry) => {
      const words = Object.entries(entry).map(([word, name]) => `${word}: ${scalar(String(name))}`);
      return suggestion(`  - { ${words.join(", ")} }`);
    }),
  ];
}

function exclusions({ exclusions: all }: ConfigDraft): readonly string[] {
  return [
    ...remark(
      "Tables to leave alone, in either direction. Keep what tells what people did (audit, history): rules need it.",
    ),
    ...(all.length === 0 ? [suggestion("excludeTables: []")] : [suggestion("excludeTables:")]),
    ...all.map(({ table, why }) => suggestion(`  - ${scalar(table)}   # ${visible(why)}`)),
  ];
}

function strategies({ strategies: found }: ConfigDraft): readonly string[] {
  return [
    ...remark(
      "Who wins where both sides changed the same cell since. The first that answers; without one the row stays open.",
    ),
    ...(found.length === 0 ? [] : [suggestion("strategies:")]),
    ...found.flatMap(strategyLines),
  ];
}

function strategyLines({ use, column, tables, why }: StrategySuggestion): readonly string[] {
  return [
    suggestion(`  - match: { tables: ${list(tables)}, columns: ${list([column])} }`),
    suggestion(`    use: ${use}   # ${visible(why)}`),
  ];
}

function owners({ tenants, actors }: ConfigDraft): readonly string[] {
  return [
    ...remark(
      "Whose rows they are: reports, figures and patches by tenant. Tables without the column get it along foreign keys.",
    ),
    ...candidates("tenant", tenants),
    ...remark("Who wrote a row: lists who is affected."),
    ...candidates("actor", actors),
  ];
}

/** The likeliest as a suggestion, the others as remarks: one setting cannot be given twice. */
function candidates(
  setting: "tenant" | "actor",
  [first, ...others]: readonly Candidate[],
): readonly string[] {
  if (first === undefined)
    return remark(`No column was found for ${setting}: none leads from several tables to one.`);
  const reasons = [first, ...others].flatMap((candidate) => remark(`  ${candidateText(candidate)}`));
  return [...reasons, suggestion(`${setting}: { column: ${scalar(first.column)} }`)];
}

function candidateText({ column, parent, references, others }: Candidate): string {
  const more = others === 0 ? "" : `; ${others} more ${others === 1 ? "has" : "have"} a column of that name`;
  return `${column}: ${references} ${plural(references, "table")} ${references === 1 ? "refers" : "refer"} to ${parent} by it${more}`;
}

function sequences({ sequences: number }: ConfigDraft): readonly string[] {
  return remark(
    `${number} ${plural(number, "sequence")}: the patch moves them up where it has to. There is nothing to set.`,
  );
}
