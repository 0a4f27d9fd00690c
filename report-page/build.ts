import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/**
 * `npm run page`: makes one script and one style of the files here, and writes them as constants for the report to put
 * into its page. What is written is kept in the repository, so that nothing else needs this step; a test keeps it true.
 */
export const assetsFile = join(import.meta.dirname, "..", "src", "report", "html", "page-assets.ts");

export async function pageAssets(): Promise<string> {
  const script = await bundle("main.ts");
  const style = await bundle("style.css");
  return `/** Made of report-page/ by \`npm run page\`; not to be edited. */

export interface PageAsset {
  readonly text: string;
  /** As a content security policy names it. */
  readonly hash: string;
}

export const pageScript: PageAsset = ${constant(script)};

export const pageStyle: PageAsset = ${constant(style)};
`;
}

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, entry)],
    bundle: true,
    minify: true,
    format: "iife",
    target: ["es2022"],
    charset: "ascii",
    legalComments: "none",
    write: false,
  });
  // Minified, the only tabs are in texts; written as escapes nothing in the page is hidden.
  const text = (outputFiles[0]?.text ?? "").trim().replaceAll("\t", "\\t");
  // Inside its own element nothing of it may look like the end of it.
  if (/<\/(script|style)|<!--/i.test(text)) throw new Error(`${entry} would end its element`);
  return text;
}

function constant(text: string): string {
  const hash = `sha256-${createHash("sha256").update(text).digest("base64")}`;
  return JSON.stringify({ text, hash }, null, 2);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const assets = await pageAssets();
  const known = await readFile(assetsFile, "utf8").catch(() => "");
  if (assets !== known) await writeFile(assetsFile, assets);
}
