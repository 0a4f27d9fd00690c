import pg from "pg";

/** In these nothing is psql's business; a quote that is doubled reads as two texts side by side, which will do. */
const QUOTED = [
  String.raw`(?<![\w$])[eE]'(?:[^'\\]|\\.|'')*'`,
  "'[^']*'",
  '"[^"]*"',
  String.raw`(?<![\w$])\$(?<tag>[^\W\d]\w*)?\$.*?\$\k<tag>\$`,
  String.raw`--[^\n]*`,
  String.raw`/\*(?:(?!/\*|\*/).|/\*.*?\*/)*\*/`, // PostgreSQL's comments nest; two deep is deep enough
];
const VARIABLE = String.raw`:'(?<name>\w+)'`;
const META_COMMAND = String.raw`^[ \t]*(?<command>\\[^\n]*)\n?`;
const PIECE = new RegExp([VARIABLE, META_COMMAND, ...QUOTED].join("|"), "gms");

/**
 * The SQL of a psql script: `\` lines left out, `:'name'` replaced by the literal. Values come from the caller, else
 * from the script's own `\set`; that suits `\if :{?name} … \else \set name 'value' \endif` and runs no other `\if`.
 */
export function sqlOfScript(script: string, variables: Readonly<Record<string, string>>): string {
  const values = new Map<string, string>();
  return script.replace(PIECE, (piece, ...rest) => {
    const { name, command } = rest.at(-1) as { name?: string; command?: string };
    if (command !== undefined) {
      remember(command, values);
      return "";
    }
    const value = name === undefined ? undefined : (variables[name] ?? values.get(name));
    return value === undefined ? piece : pg.escapeLiteral(value);
  });
}

const SET = /^\\set\s+(\w+)\s+'((?:[^'\\]|''|\\.)*)'/;

function remember(command: string, values: Map<string, string>): void {
  const [, name, quoted] = SET.exec(command) ?? [];
  if (name !== undefined && quoted !== undefined) values.set(name, quoted.replace(/'(')|\\(.)/g, "$1$2"));
}
