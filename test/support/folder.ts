import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

const scratch = realpathSync(mkdtempSync(join(tmpdir(), "pgmend-test-")));

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** An empty folder that is gone when the test file is done. */
export function newFolder(): string {
  return mkdtempSync(join(scratch, "f-"));
}

/** Every file and folder below, hidden ones too. */
export function listAll(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
}

/** Files that hold one of these texts, in UTF-8 or UTF-16. */
export function filesWith(folder: string, texts: readonly string[]): readonly string[] {
  return listAll(folder).filter((name) => {
    const path = join(folder, name);
    if (!statSync(path).isFile()) return false;
    const content = readFileSync(path);
    return texts.some((text) => content.includes(text) || content.includes(Buffer.from(text, "utf16le")));
  });
}
