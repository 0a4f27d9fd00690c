// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is what is tested
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findConfig, tryFindConfig } from "../../../cli/settings/find-config.js";
import { parseConfig } from "../../../cli/settings/read-config.js";
import { UsageError } from "../../../src/index.js";
import { newFolder } from "../../support/folder.js";

/** The mistakes that are told, line by line. */
function mistakesOf(text: string, env: Record<string, string> = {}, profile?: string): readonly string[] {
  try {
    parseConfig(text, "pgmend.yaml", { env, profile });
    return [];
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return error.mistakes.map(({ where, what }) => `${where}: ${what}`);
  }
}

describe("environment variables", () => {
  const read = (text: string, env: Record<string, string>) =>
    parseConfig(text, "pgmend.yaml", { env }).config;

  it("are put into texts, wherever they stand", () => {
    const text = `
connections: { pre: "postgresql://me:\${PW}@\${HOST}:5432/\${DB}_pre" }
mode: \${MODE}
tables: ["\${DB}.*"]
invariants: [{ name: "no \${DB}", sql: "SELECT '$\${PW}', '$1', $$x$$" }]`;
    expect(read(text, { PW: "p%40", HOST: "db1", DB: "fleet", MODE: "replay" })).toEqual({
      connections: { pre: "postgresql://me:p%40@db1:5432/fleet_pre" },
      mode: "replay",
      tables: ["fleet.*"],
      invariants: [{ name: "no fleet", sql: "SELECT '${PW}', '$1', $$x$$" }],
    });
  });

  it("hold text, and are not looked into again", () => {
    expect(read("out: ${A}", { A: "${B}", B: "secret" }).out).toBe("${B}");
  });

  it("that are not set are told of, all at once, with their places; empty ones are set", () => {
    const text =
      'connections:\n  pre: postgresql://${PGMEND_PW}@db\n  post: ${ }\n  current: "${open"\nmode: ${MODE}\n';
    expect(mistakesOf(text, { EMPTY: "" })).toEqual([
      "pgmend.yaml:2:8 connections.pre: the environment variable PGMEND_PW is not set; $${ stands for ${ itself",
      "pgmend.yaml:3:9 connections.post: expected ${NAME}, an environment variable; $${ stands for ${ itself",
      "pgmend.yaml:4:12 connections.current: expected ${NAME}, an environment variable; $${ stands for ${ itself",
      "pgmend.yaml:5:7 mode: the environment variable MODE is not set; $${ stands for ${ itself",
    ]);
    expect(read("out: x${EMPTY}", { EMPTY: "" }).out).toBe("x");
  });

  it("are written in quotes between braces and brackets, and YAML that fails for it says so", () => {
    expect(mistakesOf("touch: { columns: [${A}] }")[0]).toMatch(
      /^pgmend.yaml:1:21: not valid YAML: .*; between braces or brackets, \$\{NAME\} is written in quotes$/,
    );
  });

  it("what they hold is not told", () => {
    expect(mistakesOf("mode: ${SECRET}", { SECRET: "hunter2" }).join()).not.toContain("hunter2");
  });
});

describe("profiles", () => {
  const text = `
connections: { pre: postgresql://a/live, current: "\${LIVE}" }
tables: [public.device]
rules: [{ match: { tables: [a] }, is: damage }]
touch: { write: keep }
out: recovery
profiles:
  drill:
    connections: { current: "\${DRILL}" }
    tables: ["*"]
    touch: { columns: [seen_at] }
    out: drill-\${DATE}
  broken: { mode: "\${MODE}" }
`;

  it("are laid over the settings: maps by name, all else whole", () => {
    const { config, where } = parseConfig(text, "pgmend.yaml", {
      env: { DRILL: "postgresql://a/drill", DATE: "monday" },
      profile: "drill",
    });
    expect(config).toEqual({
      connections: { pre: "postgresql://a/live", current: "postgresql://a/drill" },
      tables: ["*"],
      rules: [{ match: { tables: ["a"] }, is: "damage" }],
      touch: { write: "keep", columns: ["seen_at"] },
      out: "drill-monday",
    });
    expect(where(["tables", 0])).toBe("pgmend.yaml:10:14 profiles.drill.tables[0]");
    expect(where(["rules", 0])).toBe("pgmend.yaml:4:9 rules[0]");
    expect(where(["touch", "write"])).toBe("pgmend.yaml:5:17 touch.write");
  });

  it("that are not asked for need none of their variables", () => {
    expect(mistakesOf(text, { LIVE: "postgresql://a/live" })).toEqual([]);
  });

  it("are asked for by their names", () => {
    expect(mistakesOf(text, { LIVE: "x" }, "dril")).toEqual([
      '--profile: there is no profile "dril" in pgmend.yaml; known are drill, broken',
    ]);
    expect(mistakesOf("mode: undo", {}, "drill")).toEqual([
      '--profile: there is no profile "drill" in pgmend.yaml; it has none',
    ]);
    expect(mistakesOf("mode: undo", {}, "__proto__")).toHaveLength(1);
  });

  it("have mistakes where they stand, also those that nobody asks for yet", () => {
    const bad = "profiles:\n  drill:\n    mode: redo\n    tabels: []\n  other: [1]\n";
    expect(mistakesOf(bad, {}, "drill")).toEqual([
      'pgmend.yaml:3:11 profiles.drill.mode: expected one of "undo"|"replay"',
      "pgmend.yaml:4:5 profiles.drill.tabels: there is no such setting here",
      "pgmend.yaml:5:10 profiles.other: expected object, received array",
    ]);
    expect(mistakesOf(bad)).toEqual([
      "pgmend.yaml:4:5 profiles.drill.tabels: there is no such setting here",
      "pgmend.yaml:5:10 profiles.other: expected object, received array",
    ]);
  });

  it("need a file", async () => {
    const cwd = newFolder();
    const { mistakes } = await tryFindConfig(undefined, cwd, { env: {}, profile: "drill" });
    expect(mistakes?.map(({ what }) => what)).toEqual([
      "there is no pgmend.yaml here to have profiles; name the file with --config",
    ]);
    writeFileSync(join(cwd, "pgmend.yaml"), 'profiles: { drill: { out: "${OUT}" } }\n');
    const { config } = await findConfig(undefined, cwd, { env: { OUT: "here" }, profile: "drill" });
    expect(config).toEqual({ out: "here" });
  });
});
