import { databaseRoles, type RowStory, storyFacts, type Value } from "../../../src/index.js";
import { blank, type Line, line, span } from "./line.js";
import { clip, shown, wrap } from "./measure.js";
import { noRow, valueSpan } from "./value.js";

/** A story is broken into lines once, not with each key. */
const made = new WeakMap<RowStory, Map<number, readonly Line[]>>();

/** All that is known of a row: what happened to it, its versions, what the patch does. As many lines as that takes. */
export function storyLines(story: RowStory, columns: number): readonly Line[] {
  const known = made.get(story) ?? new Map<number, readonly Line[]>();
  made.set(story, known);
  const lines = known.get(columns) ?? [
    ...factLines(story, columns),
    ...versionLines(story, columns),
    ...sqlLines(story, columns),
  ];
  known.set(columns, lines);
  return lines;
}

const labelWidth = 12;

function factLines(story: RowStory, columns: number): readonly Line[] {
  const facts = [...storyFacts(story), ...story.notes.map((note) => ["note", note] as const)];
  const lines = facts.flatMap(([name, words]) =>
    wrap(shown(words), columns - 2 - labelWidth).map((part, at) =>
      line(span((at === 0 ? name : "").padEnd(labelWidth), "heading"), part),
    ),
  );
  return [...lines, blank];
}

/** Columns in which versions differ, version by version; then all others, which are alike in all of them. */
function versionLines(story: RowStory, columns: number): readonly Line[] {
  const versions = versionsOf(story);
  const names = Object.keys(versions.find(({ row }) => row !== null)?.row ?? {});
  const alike = names.filter((name) => !story.differing.includes(name));
  const cell = (label: string, value: Value) => {
    const { text, tone } = valueSpan(value);
    return line(span(`  ${label}`, "dim"), span(clip(text, columns - 4 - label.length), tone));
  };
  const widest = Math.max(...versions.map(({ title }) => title.length), 0) + 2;
  return [
    ...versions
      .filter(({ row }) => row === null)
      .map(({ title }) => line(span(`  ${title.padEnd(widest)}`, "dim"), noRow)),
    ...story.differing.flatMap((name) => [
      line(span(`${shown(name)} *`, "warning")),
      ...versions.flatMap(({ title, row }) =>
        row === null ? [] : [cell(title.padEnd(widest), row[name] ?? null)],
      ),
    ]),
    ...(alike.length === 0 ? [] : [line(span("the same in all of them", "heading"))]),
    ...alike.map((name) =>
      cell(
        `${clip(shown(name), 28).padEnd(28)} `,
        versions.find(({ row }) => row !== null)?.row?.[name] ?? null,
      ),
    ),
  ];
}

function versionsOf({ planned, now }: RowStory) {
  const of = (rows: RowStory["planned"], word: string) =>
    databaseRoles.flatMap((role) => {
      const row = rows[role];
      return row === undefined ? [] : [{ title: `${role}${word}`, row }];
    });
  return [...of(planned, ""), ...of(now, " now")];
}

function sqlLines({ sql }: RowStory, columns: number): readonly Line[] {
  if (sql === null) return [];
  const lines = sql.split("\n").flatMap((text) => wrap(shown(text), columns - 4));
  return [
    blank,
    line(span("What the patch does, as a statement of its own:", "heading")),
    ...lines.map((text) => line(`  ${text}`)),
  ];
}
