import { judge } from "./oracle.js";
import type { Equal, PrintedTable } from "./printed.js";
import type { PlanRequest } from "./request.js";
import type { TableSpec } from "./table.js";
import type { RowVerdict } from "./verdict.js";

/** One device: the row that the oracle's own tests tell their cases with. */
interface Device {
  readonly label?: string | null;
  readonly owner?: string | null;
  readonly price?: string | null;
  readonly starts_at?: string | null;
  readonly ends_at?: string | null;
  readonly updated_at?: string | null;
}

const types = {
  id: "integer",
  label: "text",
  owner: "text",
  price: "numeric",
  starts_at: "date",
  ends_at: "date",
  updated_at: "timestamp with time zone",
};
const columns = Object.keys(types);
const usual = {
  label: "lamp",
  owner: "ada",
  price: "1.0",
  starts_at: "day 1",
  ends_at: "day 2",
  updated_at: "noon",
};

export const deviceTable: TableSpec = {
  schema: "public",
  name: "device",
  label: "public.device",
  plain: true,
  columns: Object.entries(types).map(([name, type]) => ({ name, type, nullable: true, identity: false })),
  key: ["id"],
  generated: [],
  extra: undefined,
  order: { pre: columns, post: columns, current: columns },
};

export const plain: PlanRequest = {
  mode: "undo",
  granularity: "row",
  damage: ["insert", "update", "delete"],
  rules: [],
  strategies: [],
  touch: undefined,
  groups: new Map(),
  excludeTables: [],
};

/** Stands in for PostgreSQL: numbers are equal by value, all else by its text. */
const equal: Equal = (_table, column, left, right) => column === "price" && Number(left) === Number(right);

const key = '["7"]';

function printed(device: Device | undefined): PrintedTable[] {
  const row: Record<string, string | null> = { id: "7", ...usual, ...device };
  const values = columns.map((name) => row[name] ?? null);
  return [{ table: "public.device", columns, key: ["id"], rows: new Map(device ? [[key, values]] : []) }];
}

export interface Versions {
  readonly pre?: Device;
  readonly post?: Device;
  readonly current?: Device;
}

/** What is left of a verdict when the row is told by what is unusual about it. */
export type Told = Pick<RowVerdict, "outcome" | "kind" | "columns" | "decided"> & { end: Device | undefined };

export function verdictOn(versions: Versions, request: Partial<PlanRequest> = {}): Told | undefined {
  const { pre, post, current } = versions;
  const rows = { pre: printed(pre), post: printed(post), current: printed(current) };
  const verdicts = judge({ tables: [deviceTable], request: { ...plain, ...request } }, rows, equal);
  const verdict = verdicts.tables[0]?.rows.get(key);
  return verdict && told(verdict);
}

function told({ outcome, kind, columns: conflicting, decided, end }: RowVerdict): Told {
  const unusual = (name: string, value: string | null) =>
    value !== { id: "7", ...usual }[name as keyof typeof usual];
  const cells = end?.map((value, index) => [columns[index] ?? "", value] as const);
  const told = cells?.filter(([name, value]) => name !== "id" && unusual(name, value));
  return { outcome, kind, columns: conflicting, decided, end: told && Object.fromEntries(told) };
}

export interface MergeVersions {
  readonly base?: Device;
  readonly current?: Device;
  readonly incoming?: Device;
}

/** One merge, told in the words of the merge; undo and replay must agree on it. */
export function mergeBothWays(versions: MergeVersions, request: Partial<PlanRequest> = {}): Told[] {
  const { base, current, incoming } = versions;
  const present = (pre: Device | undefined, post: Device | undefined): Versions => ({
    ...(pre && { pre }),
    ...(post && { post }),
    ...(current && { current }),
  });
  const undone = verdictOn(present(incoming, base), { ...request, mode: "undo" });
  const replayed = verdictOn(present(base, incoming), { ...request, mode: "replay" });
  return [undone, replayed].flatMap((verdict) => verdict ?? []);
}
