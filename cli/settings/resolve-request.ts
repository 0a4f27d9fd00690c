import {
  type ConflictFilter,
  type ConflictKind,
  conflictKinds,
  type Deciding,
  type Mistake,
  type ResolutionWord,
  type Value,
} from "../../src/index.js";
import { userName } from "./user-name.js";
import { parseValueFlag } from "./value-flag.js";

/** Flags as commander hands them over; unset ones are undefined. */
export interface ResolveFlags {
  readonly where?: string;
  readonly table?: readonly string[];
  readonly column?: readonly string[];
  readonly kind?: readonly string[];
  readonly conflict?: readonly string[];
  readonly tenant?: readonly string[];
  readonly take?: string;
  readonly value?: readonly string[];
  readonly from?: string;
  readonly reopen?: boolean;
  readonly list?: boolean;
  readonly reason?: string;
  readonly by?: string;
  readonly replace?: boolean;
  readonly dryRun?: boolean;
}

/** What is to be done, once the flags are understood. */
export type ResolveAction =
  | {
      readonly kind: "take";
      readonly resolution: ResolutionWord;
      readonly values?: Readonly<Record<string, Value>> | undefined;
      /** The flag that says so, for messages. */
      readonly where: string;
    }
  | { readonly kind: "from"; readonly file: string }
  | { readonly kind: "reopen" }
  | { readonly kind: "list" }
  /** Only the files are written anew. */
  | { readonly kind: "write" };

export interface ResolveRequest {
  readonly action: ResolveAction;
  readonly filter: ConflictFilter;
  readonly deciding: Deciding;
  readonly reason: string | undefined;
  readonly dryRun: boolean;
}

const actions = ["take", "value", "from", "reopen", "list"] as const;
const filters = ["where", "table", "column", "kind", "tenant", "conflict"] as const;

/** Understands the flags; whatever is wrong with them is added to the mistakes. */
export function parseResolveRequest(
  flags: ResolveFlags,
  env: Readonly<Record<string, string | undefined>>,
  mistakes: Mistake[],
): ResolveRequest {
  const asked = actions.filter((name) => flags[name] !== undefined);
  const filtered = filters.filter((name) => flags[name] !== undefined);
  if (asked.length > 1) {
    const what = `cannot go with ${asked.slice(1).map(flagName).join(", ")}: one thing at a time`;
    mistakes.push({ where: flagName(asked[0] as string), what });
  }
  const [action] = asked;
  const deciding = action === "take" || action === "value" || action === "from";
  if (action === undefined && filtered.length > 0) {
    const what = "says which conflicts, but not what becomes of them: --take, --value, --reopen or --list";
    mistakes.push({ where: filtered.map(flagName).join(", "), what });
  }
  if (action === "from" && filtered.length > 0) {
    const what = "cannot go with --from: the file names its conflicts";
    mistakes.push({ where: filtered.map(flagName).join(", "), what });
  }
  if ((action === "take" || action === "value" || action === "reopen") && filtered.length === 0) {
    const what = `needs to know which conflicts: ${filters.map(flagName).join(", ")}; --table '*' means all`;
    mistakes.push({ where: flagName(action), what });
  }
  if (flags.reason !== undefined && !deciding)
    mistakes.push({ where: "--reason", what: "goes with --take, --value or --from" });
  return {
    action: actionOf(flags, action, mistakes),
    filter: filterOf(flags, mistakes),
    deciding: {
      by: whoDecides(flags, env, mistakes),
      at: new Date().toISOString(),
      replace: flags.replace === true,
    },
    reason: flags.reason,
    dryRun: flags.dryRun === true,
  };
}

function flagName(name: string): string {
  return `--${name}`;
}

function actionOf(
  flags: ResolveFlags,
  action: (typeof actions)[number] | undefined,
  mistakes: Mistake[],
): ResolveAction {
  switch (action) {
    case "take":
      return { kind: "take", resolution: sideOf(flags.take ?? "", mistakes), where: "--take" };
    case "value":
      return {
        kind: "take",
        resolution: "value",
        values: valuesOf(flags.value ?? [], mistakes),
        where: "--value",
      };
    case "from":
      return { kind: "from", file: flags.from ?? "" };
    case "reopen":
    case "list":
      return { kind: action };
    case undefined:
      return { kind: "write" };
  }
}

const sides = ["current", "incoming", "base"] as const;

function sideOf(word: string, mistakes: Mistake[]): ResolutionWord {
  const found = sides.find((side) => side === word);
  if (found === undefined)
    mistakes.push({
      where: "--take",
      what: `"${word}" is none of ${sides.join(", ")}; values go with --value`,
    });
  return found ?? "current";
}

function valuesOf(texts: readonly string[], mistakes: Mistake[]): Readonly<Record<string, Value>> {
  const values = new Map<string, Value>();
  for (const text of texts) {
    const parsed = parseValueFlag(text);
    const where = `--value ${text}`;
    if (typeof parsed === "string") mistakes.push({ where, what: parsed });
    else if (values.has(parsed[0]))
      mistakes.push({ where, what: `there is a value for ${parsed[0]} already` });
    else values.set(...(parsed as [string, Value]));
  }
  return Object.fromEntries(values);
}

function filterOf(flags: ResolveFlags, mistakes: Mistake[]): ConflictFilter {
  if (flags.where?.trim() === "") mistakes.push({ where: "--where", what: "is empty" });
  const kinds = flags.kind?.flatMap((word): ConflictKind[] => {
    const found = conflictKinds.find((kind) => kind === word);
    if (found !== undefined) return [found];
    mistakes.push({ where: "--kind", what: `"${word}" is none of ${conflictKinds.join(", ")}` });
    return [];
  });
  return {
    conflicts: flags.conflict,
    tables: flags.table,
    columns: flags.column,
    kinds,
    tenants: flags.tenant,
    where: flags.where,
  };
}

/** The operating system's user, for decisions without --by. */
function whoDecides(
  { by }: ResolveFlags,
  env: Readonly<Record<string, string | undefined>>,
  mistakes: Mistake[],
): string {
  const name = (by ?? userName() ?? env["USER"] ?? "").trim();
  if (name === "") mistakes.push({ where: "--by", what: "says who decides: give a name" });
  return name;
}
