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
  const inert = json
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
  return `<script type="application/json" class="${name}">${inert}</script>\n`;
}
