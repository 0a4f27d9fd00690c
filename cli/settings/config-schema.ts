import * as z from "zod";
import { conflictKinds, operations } from "../../src/index.js";

const names = z.array(z.string().min(1));
const operation = z.enum(operations);

const label = z.union([z.string().trim().min(1), z.number()]);
/** Labels of two snapshots. */
const interval = z.tuple([label, label]);

const rule = z.strictObject({
  match: z
    .strictObject({
      tables: names.min(1).optional(),
      operations: z.array(operation).min(1).optional(),
      columns: names.min(1).optional(),
      where: z.string().trim().min(1).optional(),
      transactions: z
        .array(z.union([z.string().regex(/^\d+$/), z.int().nonnegative()]))
        .min(1)
        .optional(),
      signatures: z
        .array(z.string().regex(/^S[1-9]\d{0,8}$/, "expected the id of a signature, such as S1"))
        .min(1)
        .optional(),
      during: interval.optional(),
    })
    .refine(
      (match) => match.columns === undefined || (match.operations ?? ["update"]).every((o) => o === "update"),
      {
        path: ["columns"],
        message: "columns mask cells of updates; a rule with columns can only have operations: [update]",
      },
    ),
  is: z.enum(["damage", "legitimate", "excluded"]),
});

const strategy = z.looseObject({
  match: z
    .strictObject({
      tables: names.min(1).optional(),
      columns: names.min(1).optional(),
      kinds: z.array(z.enum(conflictKinds)).min(1).optional(),
    })
    .optional(),
  use: z.string().min(1),
});

const rename = z
  .strictObject({
    table: z.string().min(1),
    column: z.string().min(1).optional(),
    pre: z.string().min(1).optional(),
    post: z.string().min(1).optional(),
  })
  .refine(({ pre, post }) => pre !== undefined || post !== undefined, {
    message: "table and column are current's names; say what pre or post (or both) call it",
  });

/** The shape of `pgmend.yaml`. What the databases must have to match it is checked once they are known. */
export const configSchema = z.strictObject({
  connections: z
    .strictObject({
      pre: z.string().optional(),
      post: z.string().optional(),
      current: z.string().optional(),
      between: z
        .array(
          z.union([z.string().min(1), z.strictObject({ label: label.optional(), url: z.string().min(1) })]),
        )
        .optional(),
    })
    .optional(),
  snapshots: z.array(z.strictObject({ label, url: z.string().min(1) })).optional(),
  mode: z.enum(["undo", "replay"]).optional(),
  tables: names.optional(),
  excludeTables: names.optional(),
  keys: z.record(z.string(), names.min(1)).optional(),
  renames: z.array(rename).optional(),
  rules: z.array(rule).optional(),
  damage: z.array(operation).optional(),
  damageIntervals: z.array(interval).optional(),
  strategies: z.array(strategy).optional(),
  touch: z
    .strictObject({ columns: names.optional(), write: z.enum(["restore", "keep", "now"]).optional() })
    .optional(),
  groups: z.record(z.string(), z.array(names.min(2))).optional(),
  granularity: z.enum(["row", "cell"]).optional(),
  triggers: z.enum(["fire", "disable"]).optional(),
  invariants: z.array(z.strictObject({ name: z.string().min(1), sql: z.string().trim().min(1) })).optional(),
  guard: z
    .strictObject({
      massDelete: z.strictObject({ share: z.number().min(0).max(1), rows: z.int().nonnegative() }).partial(),
    })
    .optional(),
  requireApproval: z.boolean().optional(),
  redact: names.optional(),
  tenant: z
    .strictObject({
      column: z.string().min(1),
      path: z.record(z.string(), names.min(1)).optional(),
      patches: z.boolean().optional(),
    })
    .optional(),
  actor: z.strictObject({ column: z.string().min(1) }).optional(),
  out: z.string().min(1).optional(),
});

/** Names of profiles and of their settings; what the settings hold is checked with the profile that is asked for. */
export const profilesSchema = z
  .record(
    z.string().min(1),
    z.strictObject(
      Object.fromEntries(Object.keys(configSchema.shape).map((name) => [name, z.unknown().optional()])),
    ),
  )
  .optional();

export type Config = z.infer<typeof configSchema>;
