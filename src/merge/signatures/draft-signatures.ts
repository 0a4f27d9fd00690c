import {
  type DifferenceGroup,
  readShape,
  type ShapeCell,
  type SignatureKind,
  type Written,
} from "../../model/signature.js";
import type { Table } from "../../model/table.js";
import { assertNever, type Operation } from "../../model/value.js";

/** A signature before its rows are counted. */
export interface SignatureDraft {
  readonly kind: SignatureKind;
  readonly table: number;
  readonly operation: Operation;
  readonly cells: readonly ShapeCell[];
  /** Positions of columns that some of its rows changed besides. */
  readonly beside: readonly number[];
  readonly masks: boolean;
  /** Place, in the list, of the draft that it is overlaid on or unlike. */
  readonly of: number | undefined;
  /** Which groups are in it; none: whatever of this table and operation is in no other. */
  readonly groups: readonly DifferenceGroup[];
}

/** More ways to change a table than these nobody reads; the smallest share one signature. */
const mostDrafts = 200;
/** A bulk has so many rows at least. */
const leastBulk = 5;
/** Where nothing tells who wrote: what has less than this share of rows is unlike the rest. */
const fewShare = 1 / 8;

/**
 * Sorts groups into signatures. Where a bulk changed some columns,
 *
 * - rows in which just these cells changed so, and others besides, by other transactions, are `overlaid`: the last
 *   writer is somebody else, and what the bulk did is still there;
 * - rows in which one of these columns changed otherwise, or by other transactions alone, are its `outliers`.
 *
 * Touch columns tell nothing of what a writer meant.
 *
 * @param groups largest first
 * @param emptied indexes of tables of which no row of `pre` is left
 */
export function draftSignatures(
  tables: readonly Table[],
  groups: readonly DifferenceGroup[],
  emptied: ReadonlySet<number>,
): readonly SignatureDraft[] {
  const told = groups.map((group) => new ToldGroup(group, tables[group.table] as Table));
  const bases = basesOf(told);
  const drafts = new Map<string, SignatureDraft & { readonly basedOn: ToldGroup | undefined }>();
  for (const group of told) {
    const { key, basedOn, ...draft } = draftOf(group, bases, emptied);
    const known = drafts.get(key);
    drafts.set(key, known === undefined ? { ...draft, basedOn } : { ...known, ...joined(known, draft) });
  }
  const kept = [...drafts.values()].slice(0, mostDrafts);
  const placeOf = (base: ToldGroup) => kept.findIndex(({ groups }) => groups.includes(base.group));
  return [
    ...kept.map(({ basedOn, ...draft }) => {
      const place = basedOn === undefined ? -1 : placeOf(basedOn);
      return { ...draft, of: place === -1 ? undefined : place };
    }),
    ...leftovers(groups),
  ];
}

/** What the others are held against. Where nothing tells who wrote, whatever is like no larger one is one, too. */
function basesOf(told: readonly ToldGroup[]): ReadonlySet<ToldGroup> {
  const bases = new Set<ToldGroup>();
  for (const group of told) {
    const { written, rows } = group.group;
    if (written === "few" || group.meant.length === 0 || rows < leastBulk) continue;
    if (written === "bulk" || baseOf(group, bases) === undefined) bases.add(group);
  }
  return bases;
}

/** What it is overlaid on, as much of it as there is; else what it is unlike. */
function baseOf(told: ToldGroup, bases: ReadonlySet<ToldGroup>): ToldGroup | undefined {
  const unlike = [...bases].filter((base) => told.isUnlike(base));
  const [under] = unlike
    .filter((base) => told.isOverlaidOn(base))
    .sort((a, b) => b.meant.length - a.meant.length);
  return under ?? unlike[0];
}

/** One for each table and operation: it takes what is in no other, and most often that is nothing. */
function leftovers(groups: readonly DifferenceGroup[]): readonly SignatureDraft[] {
  const seen = new Map<string, SignatureDraft>();
  for (const { table, operation, written } of groups) {
    const kind = written === "untold" ? "untold" : "scattered";
    const nothing = { cells: [], beside: [], masks: false, of: undefined, groups: [] };
    seen.set(`${table} ${operation}`, { kind, table, operation, ...nothing });
  }
  return [...seen.values()];
}

type Drafted = SignatureDraft & { readonly key: string; readonly basedOn: ToldGroup | undefined };

function draftOf(told: ToldGroup, bases: ReadonlySet<ToldGroup>, emptied: ReadonlySet<number>): Drafted {
  const { group, cells } = told;
  const { table, operation, shape, written } = group;
  const itself = { table, operation, cells, beside: [], masks: false, of: undefined, groups: [group] };
  if (operation === "delete" && emptied.has(table))
    return { ...itself, kind: "emptied", key: `${table} emptied`, basedOn: undefined };
  const base = bases.has(told) ? undefined : baseOf(told, bases);
  if (base === undefined) {
    const kind = kindOf(written);
    return { ...itself, kind, key: [table, operation, shape, kind].join(" "), basedOn: undefined };
  }
  const kind = told.isOverlaidOn(base) ? "overlaid" : "outliers";
  const shared = told.cellsIn(base);
  const beside = told.meant.filter((cell) => !shared.includes(cell)).map(({ position }) => position);
  const key = [table, kind, base.group.shape, base.group.written, nameOf(shared)].join(" ");
  return { ...itself, kind, cells: shared, beside, masks: true, key, basedOn: base };
}

function joined(a: SignatureDraft, b: SignatureDraft): Pick<SignatureDraft, "beside" | "groups"> {
  const beside = [...new Set([...a.beside, ...b.beside])].sort((x, y) => x - y);
  return { beside, groups: [...a.groups, ...b.groups] };
}

function kindOf(written: Written): SignatureKind {
  switch (written) {
    case "bulk":
      return "bulk";
    case "few":
      return "scattered";
    case "untold":
      return "untold";
    default:
      return assertNever(written);
  }
}

const nameOf = (cells: readonly ShapeCell[]): string =>
  cells.map(({ position, letter }) => `${position}${letter}`).join(",");

class ToldGroup {
  readonly group: DifferenceGroup;
  readonly cells: readonly ShapeCell[];
  /** Without touch columns. */
  readonly meant: readonly ShapeCell[];

  constructor(group: DifferenceGroup, { touch }: Table) {
    this.group = group;
    this.cells = readShape(group.shape);
    this.meant = this.cells.filter(({ position }) => !touch.includes(position));
  }

  /** The cells of it that are in columns of the other. */
  cellsIn(base: ToldGroup): readonly ShapeCell[] {
    return this.meant.filter(({ position }) => base.meant.some((cell) => cell.position === position));
  }

  isUnlike(base: ToldGroup): boolean {
    const { table, written, rows } = this.group;
    if (base.group.table !== table || base === this || this.cellsIn(base).length === 0) return false;
    const few = written === "untold" ? fewShare * base.group.rows : base.group.rows;
    return written !== "bulk" && rows < few;
  }

  /** It did all that the other did, and more. */
  isOverlaidOn(base: ToldGroup): boolean {
    const did = this.cellsIn(base);
    return nameOf(did) === nameOf(base.meant) && this.meant.length > did.length;
  }
}
