import type { SignatureSummary } from "../signatures.js";
import type { Summary } from "../summary.js";
import { number } from "../text.js";
import { html } from "./escape.js";

/** Signatures in the page; all of them are in summary.json. */
const shown = 30;

/** What the changes have in common, largest first. What is probably people's says so. */
export function signaturesSection({ signatures }: Summary): string {
  if (signatures.length === 0) return "";
  const lines = signatures.slice(0, shown).map(line).join("\n");
  const more = signatures.length - shown;
  const note = more <= 0 ? "" : `<p class="note">${number(more)} more signatures are in summary.json.</p>`;
  return `<section aria-labelledby="h-signatures"><h2 id="h-signatures">What the changes have in common</h2>
<div class="wide"><table class="figures"><thead><tr><th scope="col">signature</th><th scope="col" class="n">rows</th><th scope="col">what was done</th></tr></thead><tbody>${lines}</tbody></table></div>${note}
<p class="note">Rules and --damage-signature name them: just these rows are then damage.</p></section>\n`;
}

function line({ id, rows, words }: SignatureSummary): string {
  return `<tr><th scope="row" class="name">${html(id)}</th><td class="n">${number(rows)}</td><td>${html(words)}</td></tr>`;
}
