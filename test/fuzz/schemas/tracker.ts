import { Random } from "../random.js";
import { activity, auditTrail } from "./after.js";
import { DrawTables } from "./draw-tables.js";
import { paletteExtensions, paletteTypes } from "./palette.js";
import { type ColumnDraft, type LargeSchema, type TableDraft, tenants } from "./table.js";

const modules: Readonly<Record<string, readonly string[]>> = {
  planning: ["cycle", "goal", "initiative", "roadmap", "sprint", "estimate", "capacity", "dependency"],
  work: [
    "issue",
    "checklist",
    "time_entry",
    "blocker",
    "template",
    "recurring_task",
    "custom_field",
    "sub_task",
  ],
  docs: ["page", "section", "whiteboard", "embed", "draft", "share_link", "reaction", "translation"],
  billing: ["plan", "subscription", "invoice", "usage_record", "seat", "discount", "tax_rate", "credit"],
};

const workspaceColumn: ColumnDraft = {
  name: "workspace_id",
  type: "integer NOT NULL",
  value: (n) => `(1 + ${n} % ${tenants})`,
  free: false,
};

/** A tracker of many tenants: the workspace is the first column of every key and of every foreign key. */
export function tracker(seed: string, rows: number): LargeSchema {
  const random = new Random(`tracker ${seed}`);
  const draw = new DrawTables(random, rows, workspaceColumn);
  const member = draw.entity("member", [], 8);
  draw.settingsOf(member);
  const made = Object.entries(modules).flatMap(([module, names]) =>
    names.map((name) => record(draw, random, `${module}.${name}`, member)),
  );
  draw.remarks("work.comment", ["issue", "page"], member);
  return {
    name: "tracker",
    extensions: paletteExtensions,
    before: [
      ...paletteTypes,
      "CREATE SEQUENCE any_id START 100000",
      ...activity,
      "CREATE TABLE workspace (id integer PRIMARY KEY, name citext UNIQUE, plan mood NOT NULL DEFAULT 'low')",
      `INSERT INTO workspace SELECT n, 'Workspace ' || n FROM generate_series(1, ${tenants}) AS n`,
      ...Object.keys(modules).map((module) => `CREATE SCHEMA ${module}`),
    ],
    tables: draw.tables,
    after: [
      ...made.map(
        ({ name }) =>
          `ALTER TABLE ${name} ADD FOREIGN KEY (workspace_id) REFERENCES workspace ON DELETE CASCADE`,
      ),
      ...made.slice(0, 8).flatMap((table) => [...auditTrail(table), ...rowSecurity(table)]),
      ...made
        .slice(0, 4)
        .map(({ name }) => `CREATE VIEW ${name}_active AS SELECT * FROM ${name} WHERE rank > 1`),
      // What is published needs something to be told apart by.
      ...["activity", ...draw.tables.filter(({ key }) => key.length === 0).map(({ name }) => name)].map(
        (name) => `ALTER TABLE ${name} REPLICA IDENTITY FULL`,
      ),
      "CREATE PUBLICATION everything FOR ALL TABLES",
    ],
  };
}

function rowSecurity({ name }: TableDraft): readonly string[] {
  return [
    `ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY`,
    `CREATE POLICY own_workspace ON ${name} USING (workspace_id = current_setting('app.workspace', true)::int)`,
  ];
}

/** A record with the tables around it, and one of its kind above it. */
function record(draw: DrawTables, random: Random, name: string, member: TableDraft): TableDraft {
  const own = random.fork(name);
  const table = draw.entity(name, [{ table: member, as: "owner" }], own.integer(3, 9));
  draw.settingsOf(table, "preferences");
  draw.eventsOf(table, "history");
  draw.join(table, member, "watchers");
  draw.entity(`${name}_attachment`, [{ table }, { table: member, as: "uploader" }], 4);
  const view = draw.entity(`${name}_view`, [{ table }], 3);
  draw.join(view, member, "readers");
  return table;
}
