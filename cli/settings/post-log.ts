import { createReadStream, statSync } from "node:fs";
import { basename, resolve } from "node:path";
import type { Mistake, PostLogSource } from "../../src/index.js";

/** The change log that `--post-log` names; what is wrong with the file is among the mistakes. */
export function postLogSource(
  file: string | undefined,
  cwd: string,
  mistakes: Mistake[],
): PostLogSource | undefined {
  if (file === undefined) return undefined;
  const path = resolve(cwd, file);
  const what = complaint(path);
  if (what !== undefined) mistakes.push({ where: `--post-log ${file}`, what });
  return { name: basename(file), lines: () => linesOf(path) };
}

function complaint(path: string): string | undefined {
  try {
    return statSync(path).isFile() ? undefined : "is not a file";
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    return code === "EACCES" ? "permission denied" : "there is no such file";
  }
}

const lineFeed = 0x0a;

/** Lines as bytes: whether they are text is for whoever reads them to find out, line by line. */
async function* linesOf(path: string): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array[] = [];
  for await (const chunk of createReadStream(path) as AsyncIterable<Uint8Array>) {
    let from = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, from)) {
      const part = chunk.subarray(from, end);
      yield rest.length === 0 ? part : Buffer.concat([...rest, part]);
      rest = [];
      from = end + 1;
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}
