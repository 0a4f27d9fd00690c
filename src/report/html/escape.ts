import { visible } from "../../model/visible.js";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as it may stand between tags and inside quoted attributes. */
export function html(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/**
 * Data for the page to read, as a block that is no script: nothing in it can end the block, open a comment or begin a
 * tag, as all of them begin with `<`.
 */
export function jsonBlock(name: string, json: string): string {
  // Hidden in the source of a page, text can mislead whoever reads that. In JSON the same escapes mean the same.
  const inert = visible(json.replaceAll("<", "\\u003c"));
  return `<script type="application/json" class="${name}">${inert}</script>\n`;
}
