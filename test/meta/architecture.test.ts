import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { cruiseTree, repository } from "./cruise.js";

/** ARCHITECTURE.md is held against the tree: a drawing nobody checks is wrong within a month. */
const page = readFileSync(join(repository, "ARCHITECTURE.md"), "utf8");
const drawing = /```\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
const rooms = tableUnder("| room |").map(([room = "", , sees = ""]) => ({
  room: codeIn(room)[0] ?? "",
  sees: sees === "nothing" ? [] : sees === "everything" ? undefined : codeIn(sees),
}));

describe("the rooms in ARCHITECTURE.md", () => {
  const names = rooms.map(({ room }) => room);

  it("are those in the tree", () => {
    expect(names.toSorted()).toEqual(roomsInTree().toSorted());
  });

  it.each(names)("%s is in the drawing", (name) => {
    expect(drawing).toMatch(new RegExp(`(^|\\s)${name.replace(".", "\\.")}(\\s|$)`, "m"));
  });

  it("are the only ones in the drawing", () => {
    const drawn = drawing.match(/\bsrc\/[\w.-]+/g) ?? [];
    expect(drawn.filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe("the arrows in ARCHITECTURE.md", () => {
  let arrows: ReadonlyMap<string, ReadonlySet<string>>;

  beforeAll(async () => {
    arrows = await arrowsInTree();
  });

  it.each(rooms)("$room sees what it says", ({ room, sees }) => {
    const seen = [...(arrows.get(room) ?? [])].toSorted();
    if (sees !== undefined) expect(seen).toEqual(sees.toSorted());
  });
});

describe("what ARCHITECTURE.md and CONTRIBUTING.md name", () => {
  it.each(["ARCHITECTURE.md", "CONTRIBUTING.md"])("%s: files and folders are there", (name) => {
    const paths = codeIn(readFileSync(join(repository, name), "utf8")).filter(isPath);
    expect(paths.length).toBeGreaterThan(10);
    expect(paths.filter((path) => !existsSync(join(repository, path)))).toEqual([]);
  });

  it.each([...tableUnder("| step |"), ...tableUnder("| part |")])(
    "%s: %s in %s",
    (_step, functions, files) => {
      const text = codeIn(files ?? "").map((file) => readFileSync(join(repository, file), "utf8"));
      const missing = codeIn(functions ?? "").filter((name) => !defines(text.join("\n"), name));
      expect(missing).toEqual([]);
    },
  );
});

/** The cells of the rows of one table, known by how its first line begins. */
function tableUnder(head: string): string[][] {
  const [, ...lines] = page.slice(page.indexOf(`\n${head}`) + 1).split("\n");
  const end = lines.findIndex((line) => !line.startsWith("|"));
  const cells = (line: string) => line.slice(1, line.lastIndexOf("|")).split("|");
  return lines.slice(1, end).map((line) => cells(line).map((cell) => cell.trim()));
}

function codeIn(text: string): string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
}

/** `src/merge/rules/rules.ts`, `merge-strategies/`, `.dependency-cruiser.mjs`, but not `pgmend plan`, `updated_at` or a glob. */
function isPath(code: string): boolean {
  return /^[\w.@-]+(\/[\w.@-]+)*\/?$/.test(code) && /\/|\.(ts|mjs|json|md)$/.test(code);
}

function defines(source: string, name: string): boolean {
  return new RegExp(`\\b(function\\*?|class|const|interface) ${name}\\b`).test(source);
}

/** Folders with TypeScript in them; under `src` each has rooms of its own. */
function roomsInTree(): string[] {
  const folders = readdirSync(repository, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^\.|^(node_modules|dist|coverage)$/.test(entry.name))
    .map(({ name }) => name);
  const src = readdirSync(join(repository, "src")).map((name) => `src/${name}`);
  return [...folders.filter((name) => name !== "src"), ...src].filter(holdsTypeScript);
}

function holdsTypeScript(path: string): boolean {
  if (/\.tsx?$/.test(path)) return true;
  return readdirSync(join(repository, path), { recursive: true, encoding: "utf8" }).some((name) =>
    /\.tsx?$/.test(name),
  );
}

function roomOf(file: string): string {
  const parts = file.split("/");
  return parts.slice(0, parts[0] === "src" ? 2 : 1).join("/");
}

async function arrowsInTree(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const { modules } = await cruiseTree(repository);
  const ours = new Set(roomsInTree());
  const arrows = new Map<string, Set<string>>();
  for (const { source, dependencies } of modules) {
    const from = roomOf(source);
    for (const { resolved } of dependencies) {
      const to = roomOf(resolved);
      if (from !== to && ours.has(from) && ours.has(to)) {
        arrows.set(from, (arrows.get(from) ?? new Set()).add(to));
      }
    }
  }
  return arrows;
}
