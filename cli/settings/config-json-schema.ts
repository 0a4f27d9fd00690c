import * as z from "zod";
import { type Config, configSchema } from "./config-schema.js";

/** What each setting is for: what an editor shows, and what docs/config.md lists. */
export const settingWords: Readonly<Record<keyof Config, string>> = {
  connections:
    "URLs of the three databases, and of snapshots between pre and post (docs/between.md); flags and PGMEND_PRE, PGMEND_POST, PGMEND_CURRENT win over them",
  snapshots: "for pgmend timeline: label and URL of each, in the order of time (docs/timeline.md)",
  mode: "undo the damage on current, or replay a lost window onto it",
  tables: "only these tables: schema.table, globs; without a schema it is public",
  excludeTables: "not these tables; what needs their rows is skipped, and says so",
  keys: "columns to tell rows by, for tables without a primary key or unique index",
  renames: "what pre or post call otherwise than current: { table, column, pre, post } (docs/config.md)",
  rules: "what is damage; the first rule that matches a row decides (docs/merge-rules.md)",
  damage: "mode undo: which operations are damage where no rule matches",
  damageIntervals:
    "where no rule matches, only what changed between these snapshots is damage (docs/between.md)",
  strategies: "who wins a conflict; asked in order (docs/strategies.md)",
  touch: "columns that say that a row was written, not what it says, and how a patch writes them",
  groups: "columns that only make sense together, by table: a group merges as one cell",
  granularity: "withhold a row in conflict whole, or write its clean cells",
  triggers: "whether triggers fire while the patch writes",
  invariants: "queries that must return no row at the end of the patch",
  guard: "limits beyond which a table's deletes are suspected to be the damage itself",
  requireApproval: "apply only writes a patch that somebody has approved",
  redact: "columns of which files show marks in the place of values (docs/redaction.md)",
  tenant: "the column that says whose a row is (docs/tenants.md)",
  actor: "the column that says who wrote a row (docs/tenants.md)",
  out: "the recovery folder",
};

/** The shape of `pgmend.yaml` for editors, as JSON Schema. What only pgmend can check is not in it. */
export function configJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, properties, ...rest } = z.toJSONSchema(configSchema, { io: "input", target: "draft-7" });
  const described = Object.fromEntries(
    Object.entries(properties ?? {}).map(([name, shape]) => [
      name,
      { description: settingWords[name as keyof Config], ...Object(shape) },
    ]),
  );
  return {
    $schema,
    title: "pgmend.yaml",
    description: `Settings of pgmend. Texts may hold environment variables: $\{NAME}.`,
    ...rest,
    properties: {
      ...described,
      profiles: {
        description: "by name, settings that --profile lays over the others",
        type: "object",
        additionalProperties: { ...rest, properties: described },
      },
    },
  };
}
