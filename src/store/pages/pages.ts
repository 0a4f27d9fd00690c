/** A stretch of records, by the column that orders them: from `low` up to, and not including, `high`. */
export interface Stretch {
  readonly low: number;
  readonly high: number;
  readonly rows: number;
  /** In UTF-16 units, as text. */
  readonly size: number;
}

/** What is read at once: as much as may be in memory. */
export interface PageLimits {
  readonly rows: number;
  readonly size: number;
}

/**
 * Joins neighbours to pages that keep to the limits. A stretch that alone goes beyond them is a page by itself.
 * @param stretches without overlap, in rising or in falling order; the pages come in the same
 */
export function cutPages(stretches: readonly Stretch[], limits: PageLimits): readonly Stretch[] {
  const pages: Stretch[] = [];
  let page: Stretch | undefined;
  for (const stretch of stretches) {
    const joined: Stretch = page === undefined ? stretch : join(page, stretch);
    if (page !== undefined && !fits(joined, limits)) {
      pages.push(page);
      page = stretch;
    } else {
      page = joined;
    }
  }
  if (page !== undefined) pages.push(page);
  return pages;
}

export function fits({ rows, size }: Stretch, limits: PageLimits): boolean {
  return rows <= limits.rows && size <= limits.size;
}

function join(a: Stretch, b: Stretch): Stretch {
  return {
    low: Math.min(a.low, b.low),
    high: Math.max(a.high, b.high),
    rows: a.rows + b.rows,
    size: a.size + b.size,
  };
}
