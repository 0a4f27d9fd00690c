import { Random } from "../random.js";
import { activity, auditTrail } from "./after.js";
import { DrawTables } from "./draw-tables.js";
import { paletteExtensions, paletteTypes } from "./palette.js";
import type { LargeSchema, TableDraft } from "./table.js";

/** What belongs to a project of a forge. */
const things = [
  ...[
    "issue",
    "merge_request",
    "pipeline",
    "milestone",
    "label",
    "board",
    "epic",
    "snippet",
    "release",
    "deployment",
  ],
  ...[
    "environment",
    "package",
    "container_image",
    "vulnerability",
    "wiki_page",
    "webhook",
    "integration",
    "runner",
  ],
  ...["feature_flag", "cluster", "incident", "on_call_schedule", "approval_rule", "protected_branch"],
];

/** A forge: everybody's keys are their own, much hangs on projects, and remarks are about anything. */
export function forge(seed: string, rows: number): LargeSchema {
  const random = new Random(`forge ${seed}`);
  const draw = new DrawTables(random, rows);
  const user = draw.entity("users", [], 8);
  const group = draw.entity("groups", [{ table: user, as: "owner" }]);
  const project = draw.entity("projects", [{ table: group }, { table: user, as: "creator" }], 9);
  for (const table of [user, group, project]) {
    draw.settingsOf(table);
    draw.eventsOf(table);
  }
  draw.join(project, user, "members");
  const made = things.map((name) => thing(draw, random, name, project, user));
  draw.remarks("notes", things, user);
  draw.remarks("award_emoji", ["issue", "note"], user);
  return {
    name: "forge",
    extensions: paletteExtensions,
    before: [...paletteTypes, "CREATE SEQUENCE any_id START 100000", ...activity, "CREATE SCHEMA audit"],
    tables: draw.tables,
    after: [
      ...firstIssues(project, made[0] as TableDraft),
      ...made.slice(0, 6).flatMap((table) => auditTrail(table)),
      "CREATE VIEW open_notes AS SELECT id, noteable_type FROM notes WHERE noteable_id > 3",
      "CREATE RULE forget AS ON DELETE TO open_notes DO INSTEAD DELETE FROM notes WHERE notes.id = OLD.id",
      "CREATE MATERIALIZED VIEW notes_by_type AS SELECT noteable_type, count(*) FROM notes GROUP BY 1",
      "CREATE RULE tell AS ON UPDATE TO award_emoji DO ALSO NOTIFY emoji",
    ],
  };
}

/** Each project has a first issue, and each issue a project: a ring. Beside it a column that is no longer there. */
function firstIssues(project: TableDraft, issue: TableDraft): readonly string[] {
  const [key] = issue.key as [string];
  const type = issue.columns.find(({ name }) => name === key)?.type.split(" ")[0];
  return [
    "ALTER TABLE projects ADD COLUMN gone text DEFAULT 'gone'",
    `ALTER TABLE projects ADD COLUMN first_issue ${type} REFERENCES ${issue.name} ON DELETE SET NULL`,
    "ALTER TABLE projects DROP COLUMN gone",
    `UPDATE projects SET first_issue = (SELECT min(i.${key}::text) FROM ${issue.name} AS i WHERE i.project_${project.key[0]} = projects.${project.key[0]})::${type}`,
  ];
}

/** One thing with what hangs on it: settings, people, labels, history, and things of the thing. */
function thing(
  draw: DrawTables,
  random: Random,
  name: string,
  project: TableDraft,
  user: TableDraft,
): TableDraft {
  const own = random.fork(name);
  const table = draw.entity(
    name,
    [
      { table: project, as: "project" },
      { table: user, as: "author" },
    ],
    own.integer(3, 10),
  );
  draw.settingsOf(table);
  draw.eventsOf(table);
  draw.join(table, user, "assignees");
  const part = draw.entity(`${name}_version`, [{ table }, { table: user, as: "editor" }]);
  draw.entity(`${name}_file`, [{ table: part }, { table }]);
  draw.settingsOf(part, "metrics");
  if (own.chance(0.6))
    draw.entity(
      `${name}_link`,
      [
        { table, as: "source" },
        { table, as: "target" },
      ],
      2,
    );
  return table;
}
