import { ServerError } from "../sample-data/server/server-error.js";
import { PgmendError, UsageError, visible } from "../src/index.js";

/** An error as a person reads it: what, where, what was expected, what to do. Never a stack trace for a mistake. */
export function errorText(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(errorText).join("");
  if (error instanceof UsageError) {
    const lines = error.mistakes.map(({ where, what }) => `error: ${where}: ${what}`);
    return block(lines, error.hint);
  }
  if (error instanceof PgmendError || error instanceof ServerError)
    return block([`error: ${error.message}`], error.hint);
  // Anything can be thrown, null among it.
  const fault = Object(error) as Partial<NodeJS.ErrnoException>;
  if (typeof fault.code === "string" && fault.code in fileFaults) {
    return block(
      [`error: ${fault.path ?? "a file"}: ${fileFaults[fault.code]}`],
      "choose another folder with --out",
    );
  }
  // A fault of ours: whoever reports it needs to say where it happened.
  return block(
    [`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`],
    "this is a bug in pgmend; please report it",
  );
}

const fileFaults: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "not permitted",
  EROFS: "the file system is read-only",
  ENOSPC: "no space left on the device",
  ENOENT: "no such file or folder",
  ENOTDIR: "a part of the path is not a folder",
  EISDIR: "is a folder",
  EEXIST: "exists already",
  ENOTEMPTY: "the folder is not empty",
};

function block(lines: readonly string[], hint: string | undefined): string {
  const all = hint === undefined ? lines : [...lines, `hint: ${hint}`];
  return all.map((line) => `${line.split("\n").map(withoutPassword).map(visible).join("\n")}\n`).join("");
}

/** A URL may stand where none belongs, and be quoted as what was not understood. Rather too much is hidden than too little. */
function withoutPassword(line: string): string {
  return line
    .replace(/(\w:\/{1,2}[^\s:/@]*):.*@/g, "$1:***@")
    .replace(/(\bpassword=)('[^']*'|[^\s&"']+)/gi, "$1***");
}
