import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { SqlFileResult } from "./psql-output.js";
import { runSqlFileWithoutPsql } from "./without-psql.js";

export type { SqlFileResult };
export { runSqlFileWithoutPsql };

/** Runs a file of SQL as a person would, with psql; where there is none, as psql would. */
export async function runSqlFile(
  url: string,
  file: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<SqlFileResult> {
  const psql = findPsql();
  if (psql === undefined) return runSqlFileWithoutPsql(url, file, variables);
  const settings = Object.entries({ ON_ERROR_STOP: "1", ...variables });
  const named = settings.flatMap(([name, value]) => ["-v", `${name}=${value}`]);
  const { address, password } = withoutPassword(url);
  const secret = password === "" ? {} : { PGPASSWORD: password };
  return collect(psql, ["-X", ...named, "-f", file, address], { ...process.env, ...secret });
}

export function findPsql(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.map((folder) => join(folder, "psql")).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Every user of the machine may read a command line. */
function withoutPassword(url: string): { address: string; password: string } {
  const address = new URL(url);
  const password = decodeURIComponent(address.password);
  address.password = "";
  return { address: address.href, password };
}

function collect(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<SqlFileResult> {
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (chunk: string) => {
      text[name] += chunk;
    });
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode: exitCode ?? 1, ...text }));
  });
}
