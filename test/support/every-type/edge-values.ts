/**
 * Values at the edges of every base type, as PostgreSQL reads them; by the name of the type. Arrays, ranges, domains and
 * composites are made of these (`types-of-server.ts`).
 */
const long = "0123456789".repeat(100);

/** One character from each of the 17 planes, and the ends of what text can hold. */
const planes = Array.from({ length: 17 }, (_, plane) => String.fromCodePoint(plane * 0x10000 + 0xabc)).join(
  "",
);

const texts = [
  "",
  "plain",
  " ",
  "  both ends  ",
  "NULL",
  "null",
  "\\N",
  "\\",
  "\\\\x41 E'\\x41'",
  "it's",
  '"quoted" ""twice""',
  "{a,b}",
  "(a,b)",
  "[1,2)",
  "a,b;c",
  "line\nbreak",
  "carriage\r\nreturn\ttab",
  "\\.",
  "\u0001\u001f\u007f\u0080",
  "e\u0301 is not é",
  planes,
  "\ud7ff\ue000\ufdd0\ufffd\uffff\u{10ffff}",
  "\u202e\u200b\ufeff",
  ":'x' $1 $$ %s %L",
  "x".repeat(1_000_000),
];

const integers = (bits: bigint) => ["0", `${2n ** (bits - 1n) - 1n}`, "-1", `-${2n ** (bits - 1n)}`];

const floats = ["0", "-0", "NaN", "Infinity", "-Infinity", "0.1", "-1.5"];

const moments = (zone: string) => [
  `2024-02-29 12:00:00.000001${zone}`,
  "infinity",
  "-infinity",
  `4713-01-01 00:00:00${zone} BC`,
  `0001-12-31 23:59:59.999999${zone} BC`,
  `294276-12-31 23:59:59.999999${zone}`,
  `1969-12-31 23:59:59.999999${zone}`,
];

const bytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0")).join("");

/** What only newer servers read. */
const since14: Readonly<Record<string, readonly string[]>> = { numeric: ["Infinity", "-Infinity"] };
const since15: Readonly<Record<string, readonly string[]>> = { interval: ["2562047788:00:54.775807"] };
const since17: Readonly<Record<string, readonly string[]>> = { interval: ["infinity", "-infinity"] };

const ever: Readonly<Record<string, readonly string[]>> = {
  aclitem: ["=r/postgres", "postgres=arwdDxt/postgres", "postgres=a*/postgres", "pg_monitor=U*/postgres"],
  bit: ["", "0", "1", "0101", "1".repeat(100)],
  bool: ["t", "f"],
  box: ["(1,2),(0,0)", "(-0,Infinity),(-Infinity,-0)", "(NaN,1),(0.1,-1e300)"],
  bpchar: ["", " ", "ab", "ab  ", "  ab", "é", "it's \\ \"", "line\nbreak "],
  bytea: ["\\x", "\\x00", "\\x5c", "\\x27", `\\x${bytes}`, `\\x${"ff".repeat(300_000)}`],
  char: ["", "a", " ", "\\", "'", '"', ","],
  cid: ["0", "4294967295", "17"],
  cidr: ["10.0.0.0/8", "0.0.0.0/0", "::/0", "2001:db8::/32", "10.0.0.1/32"],
  circle: ["<(0,0),0>", "<(-0,NaN),1>", "<(1.5,-2),Infinity>"],
  date: [
    "2024-02-29",
    "infinity",
    "-infinity",
    "4713-01-01 BC",
    "0001-12-31 BC",
    "0001-01-01",
    "5874897-12-31",
  ],
  float4: [...floats, "1e-45", "3.4028235e+38", "16777217"],
  float8: [...floats, "5e-324", "1.7976931348623157e+308", "0.30000000000000004"],
  inet: ["10.0.0.1", "10.0.0.1/8", "10.0.0.1/32", "::1", "fe80::1/64", "::ffff:10.0.0.1", "0.0.0.0/0"],
  int2: integers(16n),
  int2vector: ["", "1", "1 -32768 32767"],
  int4: integers(32n),
  int8: [...integers(64n), "9007199254740993"],
  interval: [
    "1 day",
    "24:00:00",
    "1 mon",
    "30 days",
    "00:00:00",
    "-00:00:00.000001",
    "1 mon -1 days +00:00:01",
    "-1 years +3 mons -4 days 05:06:07.891234",
    "178000000 years",
    "-178000000 years",
  ],
  json: [
    '{"a":1}',
    '{ "a" : 1 }',
    '{"b":1,"a":2,"a":3}',
    "null",
    '"\\u0041"',
    '"A"',
    "1.0",
    "1.00",
    "9007199254740993",
  ],
  jsonb: [
    '{"a": 1}',
    "null",
    "1",
    "1.0",
    '{"": null, "it\'s": "\\"q\\" \\\\ \\n"}',
    '[1, [2.50, {}], "😀"]',
    `1${long}.${long}`,
  ],
  jsonpath: ["$", "$.a[*] ? (@ > 1)", 'strict $."it\'s"', '$."q\\"" like_regex "^a"'],
  line: ["{1,2,3}", "{-0,1,0.1}", "{1,0,-1e300}"],
  lseg: ["[(0,0),(1,1)]", "[(-0,NaN),(Infinity,0.1)]"],
  macaddr: ["00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "08:00:2b:01:02:03"],
  macaddr8: ["00:00:00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff:ff:ff", "08:00:2b:01:02:03:04:05"],
  money: ["$0.00", "-$0.01", "$92,233,720,368,547,758.07", "-$92,233,720,368,547,758.08", "$1,234.50"],
  name: ["", "plain", "Mixed Case", 'it\'s "quoted" \\', "line\nbreak", "é".repeat(31), " "],
  numeric: [
    "0",
    "0.0",
    "0.000",
    "1.0",
    "1.00",
    "-1.50",
    "NaN",
    long,
    `-0.${long}`,
    `1${"0".repeat(1000)}`,
    `0.${"0".repeat(999)}1`,
    "12345678901234567890.1234567890",
  ],
  oid: ["0", "1", "2147483648", "4294967295"],
  oidvector: ["", "1", "0 4294967295 2147483648"],
  path: ["[(0,0),(1,1)]", "((0,0),(1,1))", "((-0,NaN),(Infinity,0.1),(1,2))"],
  pg_lsn: ["0/0", "0/1", "16/B374D848", "FFFFFFFF/FFFFFFFF"],
  pg_snapshot: ["1:1:", "10:20:10,14,15", "9223372036854775807:9223372036854775807:"],
  point: ["(0,0)", "(-0,0)", "(NaN,1)", "(Infinity,-Infinity)", "(0.1,5e-324)"],
  polygon: ["((0,0))", "((0,0),(1,1),(1,0))", "((-0,0.1),(NaN,Infinity))"],
  refcursor: ["", "plain", "it's", "line\nbreak"],
  regclass: ["-", "pg_catalog.pg_class", "public.every_type", "4294967290"],
  regcollation: ["-", 'pg_catalog."C"', 'pg_catalog."default"', "4294967290"],
  regconfig: ["-", "pg_catalog.english", "pg_catalog.simple", "4294967290"],
  regdictionary: ["-", "pg_catalog.simple", "pg_catalog.english_stem", "4294967290"],
  regnamespace: ["-", "pg_catalog", "public", "4294967290"],
  regoper: ["0", "pg_catalog.||/", "4294967290"],
  regoperator: ["0", "pg_catalog.+(integer,integer)", "pg_catalog.!!(NONE,tsquery)", "4294967290"],
  regproc: ["-", "pg_catalog.now", "4294967290"],
  regprocedure: ["-", "pg_catalog.abs(integer)", "pg_catalog.now()", "4294967290"],
  regrole: ["-", "postgres", "pg_monitor", "4294967290"],
  regtype: ["-", "integer", "character varying[]", "public.pair", "4294967290"],
  text: texts,
  tid: ["(0,0)", "(0,1)", "(4294967295,65535)"],
  time: ["00:00:00", "24:00:00", "23:59:59.999999", "00:00:00.000001", "12:00:00.1"],
  timestamp: moments(""),
  timestamptz: moments("+00"),
  timetz: [
    "00:00:00+00",
    "24:00:00+00",
    "12:00:00+05:30",
    "13:00:00+06:30",
    "23:59:59.999999-15:59:59",
    "00:00:00+15:59",
  ],
  tsquery: ["", "'a'", "'a' & !'b'", "'it''s':*AB <2> 'q\\\\'", "'a' | ( 'b' <-> 'c' )"],
  tsvector: ["", "'a'", "'a':1", "'a':1A,3 'b':2C", "'it''s':16383D '\\\\' 'é😀'"],
  txid_snapshot: ["1:1:", "10:20:10,14,15"],
  uuid: [
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "2f6ce1d2-2a5b-4a35-8a11-0d8f3f1f9a10",
  ],
  varbit: ["", "0", "00", "1", "0101", "1".repeat(100)],
  varchar: texts.slice(0, -1),
  xid: ["0", "1", "4294967295"],
  xid8: ["0", "1", "18446744073709551615"],
  xml: ["", "<a/>", "<a />", "text only", "<a>1</a><b c='\"'/>", "<!-- é😀 --><a><![CDATA[ <>&' ]]></a>"],

  citext: ["", "abc", "ABC", "Straße", "it's \\ \"", "NULL"],
  cube: ["(0)", "(1, 2)", "(1, 2),(3, 4)", "(-0, 5e-324)", "(0.1, 0.30000000000000004)"],
  ean13: ["978-0-393-04002-9", "220-035-648103-6"],
  hstore: [
    "",
    '"a"=>"1"',
    '"a"=>NULL',
    '"a"=>"NULL"',
    '""=>""',
    '"it\'s"=>"\\"q\\" \\\\ , =>"',
    '"b"=>"2", "a"=>"1"',
  ],
  isbn: ["0-393-04002-X", "978-0-393-04002-9"],
  isbn13: ["978-0-393-04002-9", "978-1-4028-9462-6"],
  ismn: ["M-3452-4680-5", "M-9016791-7-7"],
  ismn13: ["979-0-3452-4680-5", "979-0-9016791-7-7"],
  issn: ["1436-4522", "0317-8471"],
  issn13: ["977-1436-452-00-8"],
  lquery: ["a.b", "*.a@*.!b|c{1,2}", "a%"],
  ltree: ["", "a", "a.b.c", "A.b"],
  ltxtquery: ["a & b", "a | !b", "( a@ & b* ) | c%"],
  query_int: ["1", "1&2", "!1|(2&3)"],
  seg: ["1", "1.0", "~1.5", "1.50 .. 2", ".. 3", "5 .."],
  upc: ["220356481036"],
};

/** The edge values of a base type; undefined where nobody has thought of any. */
export function edgeValues(name: string, major: number): readonly string[] | undefined {
  if (!Object.hasOwn(ever, name)) return undefined;
  const newer = [
    { since: 14, values: since14 },
    { since: 15, values: since15 },
    { since: 17, values: since17 },
  ].filter(({ since }) => since <= major);
  return [ever, ...newer.map(({ values }) => values)].flatMap((values) => values[name] ?? []);
}

/**
 * Types that PostgreSQL prints and does not read: what it keeps for itself in catalogs and indexes. A column of them can
 * be made, and be filled by a copy of such a catalog only.
 */
export const unreadable: ReadonlySet<string> = new Set([
  "gtsvector",
  "pg_brin_bloom_summary",
  "pg_brin_minmax_multi_summary",
  "pg_dependencies",
  "pg_mcv_list",
  "pg_ndistinct",
  "pg_node_tree",
  "ghstore",
  "ltree_gist",
  "intbig_gkey",
]);
