import { timelineHtml } from "./timeline-html.js";
import type { TimelineSummary } from "./timeline-summary.js";

/** Names of the files that `pgmend timeline --out` writes; the first one tells such a folder from others. */
export const timelineFile = "timeline.json";
const pageFile = "timeline.html";
export const timelineFileNames: readonly string[] = [timelineFile, pageFile];

/** What goes into the folder, each a stream of text. */
export function timelineFiles(
  summary: TimelineSummary,
): readonly { readonly name: string; readonly text: Iterable<string> }[] {
  return [
    { name: timelineFile, text: [`${JSON.stringify(summary, null, 2)}\n`] },
    { name: pageFile, text: timelineHtml(summary) },
  ];
}
