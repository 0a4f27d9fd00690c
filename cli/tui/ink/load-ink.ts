/**
 * Loads what draws. Ink looks at the environment when it is loaded: React's build for production is several times as
 * fast, and in what it takes for CI it would draw nothing, though a terminal is there.
 */
export async function loadInk(): Promise<typeof import("./run-ink.js")> {
  process.env["NODE_ENV"] ??= "production";
  for (const name of ["CI", "CONTINUOUS_INTEGRATION"]) if (name in process.env) process.env[name] = "false";
  return import("./run-ink.js");
}
