import { distance } from "fastest-levenshtein";

/** The nearest name, when one is near enough to be what was meant: `; did you mean "public.device"?` */
export function didYouMean(name: string, known: readonly string[]): string {
  const bare = (label: string) => label.slice(label.indexOf(".") + 1);
  const wanted = bare(name).toLowerCase();
  const near = known
    .map((label) => ({ label, edits: distance(wanted, bare(label).toLowerCase()) }))
    .filter(({ edits }) => edits <= Math.max(1, Math.floor(wanted.length / 3)))
    .sort((a, b) => a.edits - b.edits)[0];
  return near === undefined ? "" : `; did you mean "${near.label}"?`;
}
