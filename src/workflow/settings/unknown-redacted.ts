import { isRedacted } from "../../merge/redacted-columns.js";
import type { Mistake } from "../../model/errors.js";
import { didYouMean } from "./did-you-mean.js";

/** A table by label, with the names of its columns. */
interface NamedTable {
  readonly label: string;
  readonly columns: readonly string[];
}

/** A mistyped name must not let values out that somebody meant to hide. */
export function unknownRedacted(
  placeOf: (pattern: string) => string,
  patterns: readonly string[],
  known: readonly NamedTable[],
): readonly Mistake[] {
  const isMeant = (pattern: string) =>
    known.some(({ label, columns }) => columns.some((name) => isRedacted([pattern], label, name)));
  const names = [
    ...new Set(known.flatMap(({ label, columns }) => columns.map((name) => `${label}.${name}`))),
  ];
  return patterns
    .filter((pattern) => !isMeant(pattern))
    .map((pattern) => ({
      where: placeOf(pattern),
      what: `no table has a column "${pattern}"${didYouMean(pattern.split(".").length === 2 ? `public.${pattern}` : pattern, names)}`,
    }));
}
