import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { createDatabase, query } from "../support/database.js";
import { listAll, newFolder } from "../support/folder.js";
import { pgmend } from "../support/program.js";

const nowhere = "postgresql://ann:secret@127.0.0.1:1/fleet";

async function timeline(words: readonly string[], config = "") {
  const cwd = newFolder();
  writeFileSync(join(cwd, "pgmend.yaml"), config);
  const run = await pgmend(["timeline", "--quiet", ...words], { cwd });
  expect(run.stdout + run.stderr).not.toContain("secret");
  return { ...run, cwd };
}

const mistakes = (stderr: string) => stderr.split("\n").filter((line) => line.startsWith("error: "));

describe("what is asked wrongly", () => {
  const cases: readonly {
    name: string;
    words: readonly string[];
    config?: string;
    expected: readonly string[];
  }[] = [
    {
      name: "no snapshot",
      words: [],
      expected: [
        "error: --snapshot: a timeline needs two snapshots at least, here is none; give each as --snapshot LABEL=URL, or under snapshots: in the config",
      ],
    },
    {
      name: "no label, no URL, a broken password, twice the same, and a flag that is not there",
      words: [
        "--snapshot",
        nowhere,
        "22:08=here",
        "22:10=postgresql://ann:s@cr@t/x@host/db",
        `22:12=${nowhere}`,
        `22:12=${nowhere}`,
        "--jobs",
        "0",
        "--such",
      ],
      expected: [
        "error: --such: there is no such flag",
        "error: --snapshot (number 1): expected a label, = and a URL: 22:08=postgresql://user@host:5432/database",
        "error: --snapshot 22:08: expected a URL like postgresql://user@host:5432/database",
        "error: --snapshot 22:10: in a password, @ is written %40, / is %2F, ? is %3F and # is %23",
        'error: --snapshot 22:12: there are two snapshots called "22:12"',
        'error: --jobs: "0" is no number from 1 to 99',
      ],
    },
    {
      name: "times that do not rise",
      words: ["--snapshot", `23:58=${nowhere}`, `00:02=${nowhere}`],
      expected: [
        "error: --snapshot 00:02: 00:02 does not come after 23:58: give snapshots in the order of their times, and past midnight with the date (2019-09-24T00:02)",
      ],
    },
    {
      name: "times with and without a date",
      words: ["--snapshot", `23:58=${nowhere}`, `2019-09-24T00:02=${nowhere}`],
      expected: [
        "error: --snapshot: some labels are times with a date and some without: give all the same way",
      ],
    },
    {
      name: "the config, with its places",
      words: ["--snapshot", `22:08=${nowhere}`],
      config: "snapshots:\n  - { label: a }\nmode: sideways\n",
      expected: [
        "error: pgmend.yaml:2:5 snapshots[0].url: expected string, received undefined",
        'error: pgmend.yaml:3:7 mode: expected one of "undo"|"replay"',
      ],
    },
  ];
  it.each(cases)("$name", async ({ words, config, expected }) => {
    const { exitCode, stdout, stderr } = await timeline(words, config);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(mistakes(stderr)).toEqual(expected);
  });

  it("snapshots that cannot be reached are all told, by their labels", async () => {
    const { exitCode, stderr } = await timeline(["--snapshot", `a=${nowhere}`, `b=${nowhere}`]);
    expect(exitCode).toBe(1);
    expect(mistakes(stderr)).toEqual([
      "error: snapshot a: nothing listens on 127.0.0.1:1",
      "error: snapshot b: nothing listens on 127.0.0.1:1",
    ]);
  });
});

describe("three snapshots", () => {
  let urls: readonly string[];
  beforeAll(async () => {
    const first = await createDatabase("t0");
    await query(
      first,
      "CREATE TABLE person (id int PRIMARY KEY, name text, updated_at timestamptz); INSERT INTO person SELECT n, 'n' || n FROM generate_series(1, 50) n",
    );
    const second = await createDatabase("t1", first);
    await query(second, "UPDATE person SET name = NULL");
    const third = await createDatabase("t2", second);
    urls = [first, second, third];
  });
  const flags = () => urls.flatMap((url, at) => ["--snapshot", `22:0${at}=${url}`]);

  it("fits 80 columns without colours, but for the command, which is to be copied", async () => {
    const { stdout, exitCode } = await timeline(flags());
    expect(exitCode).toBe(0);
    const lines = stdout.split("\n");
    expect(lines.filter((line) => line.length > 80 && !line.startsWith("  pgmend plan"))).toEqual([]);
    expect(lines.slice(0, 4)).toEqual([
      "1 of 2 intervals is abnormal: 22:00 → 22:01",
      "",
      `! 22:00 → 22:01  50  ${"~".repeat(59)}`,
      "  22:01 → 22:02   0",
    ]);
    expect(stdout).toContain("  public.person: 50 updated: name → NULL (usually none in 1 min)\n");
  });

  it("takes them from the config, passwords from the environment; flags stand in their place", async () => {
    const config = `snapshots:\n${urls.map((url, at) => `  - { label: 22:0${at}, url: "${url}" }\n`).join("")}`;
    expect((await timeline([], config)).stdout).toBe((await timeline(flags())).stdout);
    const two = await timeline(flags().slice(2), config);
    expect(two.stdout).not.toContain("22:00");
  });

  it("one database under two labels, and names that no snapshot has", async () => {
    const [url] = urls;
    const same = await timeline(["--snapshot", `a=${url}`, `b=${url}`]);
    expect(same.exitCode).toBe(2);
    expect(mistakes(same.stderr)[0]).toMatch(/^error: --snapshot b: is the same database as a \(/);
    const { stderr, exitCode } = await timeline(
      flags(),
      "tables: [persons]\nredact: [person.nme]\nkeys: { item: [id] }",
    );
    expect(exitCode).toBe(2);
    expect(mistakes(stderr).map((line) => line.replace(/;.*/, ""))).toEqual([
      'error: pgmend.yaml:1:10 tables[0]: no table of any snapshot matches "persons"',
      'error: pgmend.yaml:3:15 keys.item: no table of any snapshot matches "item"',
      'error: pgmend.yaml:2:10 redact[0]: no table of any snapshot has a column "person.nme"',
    ]);
  });

  it("--out is a new folder, or that of an earlier timeline with --overwrite; nothing is left of a failure", async () => {
    const { cwd } = await timeline([...flags(), "--out", "out"]);
    expect(listAll(cwd)).toEqual(["out", "out/timeline.html", "out/timeline.json", "pgmend.yaml"]);
    const again = (words: readonly string[]) =>
      pgmend(["timeline", "--quiet", ...flags(), ...words], { cwd });
    const refused = await again(["--out", "out"]);
    expect(refused).toMatchObject({ exitCode: 2, stdout: "" });
    expect(refused.stderr).toContain("--out out: a timeline is there already");
    expect((await again(["--out", "out", "--overwrite"])).exitCode).toBe(0);
    expect((await again(["--out", ".", "--overwrite"])).stderr).toContain("the folder is not empty");
    const failed = await timeline(["--snapshot", `a=${nowhere}`, `b=${nowhere}`, "--out", "out"]);
    expect(listAll(failed.cwd)).toEqual(["pgmend.yaml"]);
  });
});
