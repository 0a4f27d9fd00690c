/** Names as people give them, and names that break tools. */
export const tableNames = [
  "device",
  "invoice",
  "ticket",
  "comment",
  "app",
  "release",
  "customer",
  "shipment",
  "account",
  "membership",
] as const;

export const columnNames = [
  "owner",
  "amount",
  "label",
  "state",
  "note",
  "price",
  "serial_number",
  "quantity",
  "description",
  "name",
  "rank",
  "code",
  "is_pinned_on__release",
  "parent",
  "created_at",
  "seen_at",
  "payload",
  "version",
  "kind",
  "id",
] as const;

/** Never key columns: what the default for touch columns looks at. */
export const touchNames = ["updated_at", "modified_at", "last_modified_at"] as const;

export const schemaNames = ["billing", "audit", "Mixed Schema", "order"] as const;

/** 63 bytes, the longest name PostgreSQL keeps whole. */
const longest = "a_name_that_fills_every_one_of_the_63_bytes_that_postgres_keeps";

/** Reserved words, the words a merge uses itself, SQL and psql syntax, and what JavaScript objects trip over. */
export const hostileNames = [
  "select",
  "user",
  "order",
  "Mixed Case",
  'a"b',
  "it's",
  "semi;colon",
  "ordinality",
  "pre",
  "post",
  "current",
  "base",
  "incoming",
  "n",
  "key",
  "emoji😀",
  "back\\slash",
  "$$",
  "-- comment",
  "*/",
  "line\nbreak",
  "tab\there",
  ":colon",
  "per%cent",
  " space ",
  "slash/name",
  "dot.name",
  "__proto__",
  "constructor",
  "{brace}",
  "<b>",
  longest,
] as const;
