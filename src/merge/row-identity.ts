import { createHash } from "node:crypto";
import type { Row } from "../model/value.js";

/** The identity of a row without a key: what servers make of the same row by `src/sql/row-identity.ts`. */
export function rowIdentity(row: Row): string {
  return createHash("sha256").update(JSON.stringify(row)).digest("hex");
}
