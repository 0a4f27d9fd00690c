import type { BlockDigests } from "../../model/blocks.js";
import type { PageRanges, Places, Versions } from "../../model/lineage.js";
import { rangeDigestsQuery, rangeVersionsQuery, versionedRowsQuery } from "../../sql/version-query.js";
import type { Session } from "../session/session.js";

/**
 * Pages are read range by range: any other way would read the whole table for each range. Two pages are not worth a word
 * to the workers that read for others (18 and later): waiting for them took three times as long as reading.
 */
export const byPlace = {
  enable_tidscan: "on",
  enable_seqscan: "off",
  enable_indexscan: "off",
  enable_bitmapscan: "off",
  effective_io_concurrency: "0",
  jit: "off",
};

/** Rows and digest of each range of pages: where they are the same on both sides, so are the versions in it. @throws QueryError */
export async function readRangeDigests(
  session: Session,
  of: Versions,
  ranges: PageRanges,
  seed: bigint,
): Promise<BlockDigests> {
  const length = ranges.last - ranges.first + 1;
  const counts = new Float64Array(length);
  const sums = new BigInt64Array(length);
  await session.each(rangeDigestsQuery(of, ranges, seed), ([lot, packedCounts, packedSums]) => {
    const from = Number(lot) - ranges.first;
    const digests = unpack(packedSums);
    for (const [at, count] of unpack(packedCounts).entries()) {
      counts[from + at] = Number(count);
      sums[from + at] = BigInt(digests[at] ?? 0);
    }
  });
  return { counts, sums };
}

/** `{1,2}` of numbers. */
function unpack(array: string | null | undefined): readonly string[] {
  return array === null || array === undefined ? [] : array.slice(1, -1).split(",");
}

/** What ranges hold: places and versions in the order of the table, 28 digits each. Ranges without rows are left out. @throws QueryError */
export async function readRangeVersions(
  session: Session,
  of: Versions,
  pages: number,
  ranges: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const rows = await session.query(rangeVersionsQuery(of, pages), [ranges]);
  return new Map(rows.map(([range, versions]) => [Number(range), versions ?? ""]));
}

/** A row with its place and its version, both as printed. */
export interface VersionedRow {
  readonly place: string;
  readonly version: string;
  readonly values: readonly (string | null)[];
}

/** Some rows, taken here and there. @throws QueryError */
export async function sampleVersions(
  session: Session,
  of: Versions,
  percent: number,
  most: number,
): Promise<readonly VersionedRow[]> {
  return (
    await session.query(versionedRowsQuery(of, { percent: Math.min(100, percent).toFixed(6), most }))
  ).map(toVersionedRow);
}

/** The rows at some places; where there is none, nothing. Under the settings `byPlace`. @throws QueryError */
export async function lookUpVersions(
  session: Session,
  of: Versions,
  places: readonly string[],
): Promise<readonly VersionedRow[]> {
  return (await session.query(versionedRowsQuery(of, "places"), [places])).map(toVersionedRow);
}

function toVersionedRow([place, version, ...values]: readonly (string | null)[]): VersionedRow {
  return { place: place ?? "", version: version ?? "", values };
}

/** As PostgreSQL reads an array of places. */
export function printPlaces(places: Places): string {
  const printed = places.map((place) => `"(${Math.floor(place / 65536)},${place % 65536})"`);
  return `{${printed.join(",")}}`;
}
