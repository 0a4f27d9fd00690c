/** Each does something somewhere: in a browser, a spreadsheet, a terminal, psql, SQL, JSON, Markdown. */
export const hostileValues: readonly string[] = [
  "<script>alert(1)</script>",
  "</script><!--<script>",
  '"><img src=x onerror=alert(1)>',
  "=cmd()|' /C calc'!A0",
  "+1+1",
  "@SUM(1)",
  "\u001b[2J\u001b[31mred\u0007",
  "\u202egnp.exe\u2066\u200b",
  "two\nlines\r\nand\ra tab\t",
  "*/ ; DROP TABLE x; /*",
  "-- ",
  "\\.",
  "\\! rm -rf .",
  ":'x' :x :\"x\" :{?x}",
  "'; SELECT 1; --",
  "E'\\x41'",
  "$pgmend$ $$ $1",
  '{"a": "b"}',
  "| `code` [link](javascript:1) https://evil.example",
  "\u2028\u2029\u0085\ufeff",
  "null",
  "NULL",
  "",
  " ",
  "😀é\u0301 ￿",
  "x".repeat(1_000_000),
  `${"<b>'\"\\ \n".repeat(20_000)}`,
];

/** Those that can be a name: PostgreSQL cuts names at 63 bytes, and an empty one is none. */
export const hostileNames = hostileValues
  .slice(0, 22)
  .filter((name) => Buffer.byteLength(name) < 60 && name !== "");
