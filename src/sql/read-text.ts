/**
 * A text in SQL, read as the type reads what it prints. That is what a cast does, but for `regclass`: its cast looks a
 * name up, and knows neither `-` nor the number of a table that is gone.
 *
 * @param text SQL of type text
 * @param type as SQL writes it
 */
export function readText(text: string, type: string): string {
  // Not from text, there is no such cast: so the type itself reads what is printed.
  return type === "regclass" ? `${text}::pg_catalog.bpchar::pg_catalog.regclass` : `${text}::${type}`;
}
