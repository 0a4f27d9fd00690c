import type { Mistake } from "../../src/index.js";

export type Environment = Readonly<Record<string, string | undefined>>;

type Path = readonly (string | number)[];

/** `$${` is `${` itself; `${NAME}` a variable; what else begins like one was meant as one. */
const variable = /\$\$\{|\$\{([^}]*)\}?/g;

/**
 * Puts environment variables into the texts of a config: `${PGMEND_PW}`. Names of settings are not touched. What a
 * variable holds is told to nobody.
 *
 * @returns the same with all texts filled in; those that cannot be are left out, and among the mistakes
 */
export function fillIn(
  given: unknown,
  env: Environment,
  where: (path: Path) => string,
): { readonly filled: unknown; readonly mistakes: readonly Mistake[] } {
  const mistakes: Mistake[] = [];
  const fill = (value: unknown, path: Path): unknown => {
    if (Array.isArray(value)) return value.map((item, at) => fill(item, [...path, at]));
    if (typeof value === "object" && value !== null)
      return Object.fromEntries(
        Object.entries(value).map(([name, item]) => [name, fill(item, [...path, name])]),
      );
    if (typeof value !== "string") return value;
    return value.replace(variable, (found, name?: string) => {
      if (name === undefined) return "${";
      const held = /^[A-Za-z_]\w*$/.test(name) && found.endsWith("}") ? env[name] : undefined;
      if (held === undefined) mistakes.push({ where: where(path), what: complaint(found, name) });
      return held ?? "";
    });
  };
  return { filled: fill(given, []), mistakes };
}

function complaint(found: string, name: string): string {
  if (!/^[A-Za-z_]\w*$/.test(name) || !found.endsWith("}"))
    return `expected $\{NAME}, an environment variable; $\${ stands for $\{ itself`;
  return `the environment variable ${name} is not set; $\${ stands for $\{ itself`;
}
