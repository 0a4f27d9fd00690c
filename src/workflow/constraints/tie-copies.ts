import { copyKey, identityOf, isBag } from "../../model/bag.js";
import type { Bond } from "../../model/bond.js";
import type { PlannedRow } from "../../model/change.js";
import type { Key } from "../../model/value.js";
import type { Checking } from "./planned-writes.js";

/**
 * Copies of one row are written in one transaction: how many there are says whether they are written yet. And they are
 * numbered without a gap, also where a constraint or a decision left some of them out.
 */
export async function tieCopies({ store, tables }: Checking): Promise<readonly Bond[]> {
  const bonds: Bond[] = [];
  for (const [at, table] of tables.entries()) {
    if (!isBag(table)) continue;
    let [before, written]: [PlannedRow | undefined, number] = [undefined, 0];
    for await (const batch of store.rows({ table: at, anyChange: true })) {
      const renumbered: PlannedRow[] = [];
      for (const row of batch) {
        const isNext = before !== undefined && identityOf(before.key) === identityOf(row.key);
        if (isNext)
          bonds.push({ row: row.position, needs: (before as PlannedRow).position, kind: "together" });
        written = isNext ? written + 1 : 1;
        const key = keyInOrder(row, written);
        if (key[1] !== row.key[1]) renumbered.push({ ...row, key });
        before = row;
      }
      if (renumbered.length > 0) await store.replaceRows(renumbered);
    }
  }
  return bonds;
}

/** @param order how many of its copies are written so far, with this one */
function keyInOrder({ key, change }: PlannedRow, order: number): Key {
  const copies = Number(key[2]);
  return copyKey(identityOf(key), change?.kind === "insert" ? copies + order : copies + 1 - order, copies);
}
