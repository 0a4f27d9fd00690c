import type { TableDraft } from "./table.js";

/** Functions that triggers call. Triggers are off while the patch runs, so that the end is exactly what it should be. */
export const activity: readonly string[] = [
  "CREATE TABLE activity (at timestamptz DEFAULT now(), what text, row_data jsonb)",
  `CREATE FUNCTION touch_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := '2024-06-01Z'; RETURN NEW; END $$`,
  `CREATE FUNCTION note_activity() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO public.activity (at, what, row_data) VALUES ('2024-06-01Z', TG_OP || ' ' || TG_TABLE_NAME, to_jsonb(OLD)); RETURN NULL; END $$`,
  "CREATE FUNCTION first_word(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT split_part($1, '' '', 1)'",
];

/** Triggers before and after rows, and an index by a function of one's own. */
export function auditTrail({ name }: TableDraft): readonly string[] {
  return [
    `CREATE TRIGGER touch BEFORE UPDATE ON ${name} FOR EACH ROW EXECUTE FUNCTION touch_row()`,
    `CREATE TRIGGER activity AFTER INSERT OR UPDATE OR DELETE ON ${name} FOR EACH ROW EXECUTE FUNCTION note_activity()`,
    `CREATE INDEX ON ${name} (first_word(rank::text))`,
  ];
}
