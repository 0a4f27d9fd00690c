/** From `low` up to, and not including, `high`, on the column that orders a table. */
export interface Page {
  readonly low: number;
  readonly high: number;
}

/** How much stands in one bucket: the rows whose ordering number, divided by `bucketSize`, is `bucket`. */
export interface BucketSize {
  readonly bucket: number;
  readonly rows: number;
  readonly bytes: number;
}

/** Pages are cut between buckets. So small that a bucket of large rows still fits into memory. */
export const bucketSize = 32;

export interface PageLimits {
  readonly rows: number;
  readonly bytes: number;
}

/**
 * Joins neighbouring buckets to pages that keep to the limits; a bucket that alone goes beyond them is a page.
 * @param buckets in rising or in falling order; the pages come in the same
 */
export function cutPages(buckets: Iterable<BucketSize>, limits: PageLimits): readonly Page[] {
  const pages: Page[] = [];
  let open: BucketSize[] = [];
  let rows = 0;
  let bytes = 0;
  for (const bucket of buckets) {
    rows += bucket.rows;
    bytes += bucket.bytes;
    if (open.length > 0 && (rows > limits.rows || bytes > limits.bytes)) {
      pages.push(pageOf(open));
      open = [];
      rows = bucket.rows;
      bytes = bucket.bytes;
    }
    open.push(bucket);
  }
  if (open.length > 0) pages.push(pageOf(open));
  return pages;
}

function pageOf(buckets: readonly BucketSize[]): Page {
  const numbers = buckets.map(({ bucket }) => bucket);
  return { low: Math.min(...numbers) * bucketSize, high: (Math.max(...numbers) + 1) * bucketSize };
}
