import type { Random } from "../random.js";
import type { ColumnDraft, ValueOf } from "./table.js";

/** A column as products have them: a name, a type, and values that show what is odd about it. */
type Swatch = readonly [name: string, type: string, value: ValueOf];

/** Types that the swatches need, to be created in `public`. */
export const paletteTypes = [
  "CREATE TYPE mood AS ENUM ('low', 'Fair', 'high: very', 'n/a')",
  "CREATE TYPE address AS (street text, zip char(5), since date)",
  "CREATE DOMAIN amount AS numeric(14, 2) CHECK (VALUE >= 0)",
  "CREATE DOMAIN short_name AS text CHECK (length(VALUE) <= 60)",
  "CREATE TYPE shift AS RANGE (subtype = time)",
];

/** Extensions that the swatches need. */
export const paletteExtensions = ["citext", "hstore", "ltree", "pg_trgm", "btree_gist"];

const swatches: readonly Swatch[] = [
  ["title", "text", (n) => `'Title ' || ${n}`],
  [
    "description",
    "text",
    (n) =>
      `CASE ${n} % 7 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN repeat('long ' || ${n}, 700) ELSE E'a\\n"line" \\\\ ' || ${n} END`,
  ],
  ["slug", "short_name", (n) => `'slug-' || ${n}`],
  ["contact", "citext", (n) => `('User' || ${n} || '@Example.COM')::citext`],
  ["tree_path", "ltree", (n) => `('top.a' || ${n} || '.b')::ltree`],
  ["options", "hstore", (n) => `hstore(ARRAY['k', 'n'], ARRAY[(${n})::text, NULL])`],
  ["settings", "jsonb", (n) => `jsonb_build_object('n', ${n}, 'list', '[1.0, null]'::jsonb)`],
  ["raw_payload", "json", (n) => `('{"b": 1,  "a": ' || ${n} || ', "a": 1.0}')::json`],
  ["tags", "text[]", (n) => `ARRAY['t' || ${n}, NULL, '', 'NULL']`],
  ["counters", "integer[]", (n) => `('[0:1]={' || ${n} || ',NULL}')::int[]`],
  ["grid", "smallint[]", (n) => `ARRAY[[1, ${n}], [2, 3]]::smallint[]`],
  [
    "weight",
    "numeric",
    (n) => `CASE ${n} % 4 WHEN 0 THEN 'NaN' WHEN 1 THEN 1.0 WHEN 2 THEN 1.00 ELSE ${n} * 1.250 END`,
  ],
  ["budget", "amount", (n) => `${n} * 2.5`],
  [
    "ratio",
    "double precision",
    (n) => `CASE ${n} % 4 WHEN 0 THEN '-0'::float8 WHEN 1 THEN 'Infinity' ELSE ${n} / 3.0 END`,
  ],
  ["score", "real", (n) => `(${n} / 7.0)::real`],
  ["is_active", "boolean", (n) => `${n} % 3 = 0`],
  ["due_on", "date", (n) => `CASE ${n} % 5 WHEN 0 THEN 'infinity' ELSE date '2024-01-01' + (${n})::int END`],
  [
    "started_at",
    "timestamptz",
    (n) => `'2024-01-01 00:00:00.000001Z'::timestamptz + ${n} * interval '7 min'`,
  ],
  [
    "local_time",
    "timestamp",
    (n) =>
      `CASE ${n} % 6 WHEN 0 THEN '0044-03-15 BC' ELSE timestamp '2024-02-29' + ${n} * interval '1 s' END`,
  ],
  [
    "took",
    "interval",
    (n) =>
      `CASE ${n} % 3 WHEN 0 THEN interval '24 hours' WHEN 1 THEN interval '1 day' ELSE ${n} * interval '1 mon -1 s' END`,
  ],
  ["opens_at", "timetz", (n) => `('0' || ${n} % 9 || ':30+02')::timetz`],
  ["ip_address", "inet", (n) => `'10.0.0.0/8'::inet + ${n}`],
  ["network", "cidr", (n) => `('10.' || ${n} % 250 || '.0.0/16')::cidr`],
  ["device_address", "macaddr", (n) => `('08:00:2b:01:02:' || lpad(to_hex(${n} % 256), 2, '0'))::macaddr`],
  ["checksum", "bytea", (n) => `decode(md5((${n})::text), 'hex')`],
  ["external_id", "uuid", (n) => `md5('e' || ${n})::uuid`],
  [
    "seats",
    "int4range",
    (n) =>
      `CASE ${n} % 5 WHEN 0 THEN 'empty'::int4range ELSE int4range((${n})::int, (${n} + 5)::int, '[]') END`,
  ],
  [
    "valid_during",
    "tstzrange",
    (n) => `tstzrange('2024-01-01Z'::timestamptz + ${n} * interval '1 day', NULL)`,
  ],
  [
    "closed_days",
    "datemultirange",
    (n) => `datemultirange(daterange('2024-01-01', date '2024-01-02' + (${n})::int))`,
  ],
  ["shifts", "shift", (n) => `shift('08:00', time '09:00' + ${n} % 600 * interval '1 min')`],
  ["location", "point", (n) => `point(${n}, -0.5)`],
  ["area", "box", (n) => `box(point(0, 0), point(${n}, 1))`],
  ["flags", "bit(8)", (n) => `(${n} % 256)::int::bit(8)`],
  ["color", "char(7)", (n) => `'#' || lpad(to_hex(${n} % 4096), 3, '0')`],
  ["state", "mood", (n) => `(enum_range(NULL::mood))[1 + ${n} % 4]`],
  ["moods", "mood[]", (n) => `enum_range(NULL::mood, (enum_range(NULL::mood))[1 + ${n} % 4])`],
  ["home", "address", (n) => `ROW('Main "St", ' || ${n}, lpad((${n} % 99999)::text, 5), NULL)::address`],
  ["search", "tsvector", (n) => `to_tsvector('simple', 'fat cat ' || ${n})`],
  ["lsn", "pg_lsn", (n) => `('0/' || to_hex(${n} % 65536))::pg_lsn`],
  ["query_plan", "jsonpath", (n) => `('$.a[' || ${n} || ']')::jsonpath`],
];

/** Some columns, no two of one name. */
export function drawColumns(random: Random, count: number): readonly ColumnDraft[] {
  return random.sample(swatches, count).map(([name, type, value]) => ({ name, type, value, free: true }));
}
