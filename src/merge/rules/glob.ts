/**
 * Globs over names: `*` is any run of characters, `?` one, `[a-z]` one of these, `[!a-z]` one of all others, `{a,b}`
 * either; a backslash takes the special character after it for itself, and whatever is not closed stands for itself.
 *
 * Libraries for globs are made for paths, and have much more that is special: `!`, dots, slashes, quotes, `+(…)`. Here a
 * column that is called `!important` must not mean every column but `important`.
 */
export function glob(pattern: string): (name: string) => boolean {
  const expression = new RegExp(`^${source(pattern)}$`, "su");
  return (name) => expression.test(name);
}

export function isGlob(pattern: string): boolean {
  return /[*?[{]/.test(pattern);
}

const token = /\\[*?[\]{},\\]|\*+|\[[!^]?[^\]]+\]|\{[^{}]*,[^{}]*\}|./gsu;

function source(pattern: string): string {
  return pattern.replace(token, (found) => {
    if (found.startsWith("*")) return ".*";
    if (found === "?") return ".";
    if (found.length > 1 && found.startsWith("[")) return oneOf(found);
    if (found.length > 1 && found.startsWith("{")) return either(found);
    return literally(found.length > 1 && found.startsWith("\\") ? found.slice(1) : found);
  });
}

function either(braces: string): string {
  return `(?:${braces.slice(1, -1).split(",").map(source).join("|")})`;
}

/** Where it makes no sense, as `[z-a]` does, it is a part of the name. */
function oneOf(brackets: string): string {
  const [, not = "", members = ""] = /^\[([!^]?)(.+)\]$/su.exec(brackets) ?? [];
  const expression = `[${not === "" ? "" : "^"}${members.replace(/[\\[\]^]/g, "\\$&")}]`;
  try {
    new RegExp(expression, "su");
    return expression;
  } catch {
    return literally(brackets);
  }
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
