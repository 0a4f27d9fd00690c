import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const places = [
  process.env["PGMEND_CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

/** A browser of this machine; nothing is downloaded. */
export const executable = places.find((place) => place !== undefined && place !== "" && existsSync(place));

export function launch(): Promise<Browser> {
  if (executable === undefined) throw new Error("there is no Chromium on this machine");
  // Its sandbox refuses root, and the pages are our own.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: executable, args });
}
