import { describe, expect, it } from "vitest";
import { type PlanFlags, parseSettings, type SettingSources } from "../../../cli/settings/parse-settings.js";
import { noConfig, parseConfig } from "../../../cli/settings/read-config.js";
import { keepCurrent } from "../../../merge-strategies/keep-current.js";
import { manual } from "../../../merge-strategies/manual.js";
import { takeIncoming } from "../../../merge-strategies/take-incoming.js";
import { type PlanSettings, UsageError } from "../../../src/index.js";

interface Asked {
  readonly flags?: PlanFlags;
  readonly env?: SettingSources["env"];
  readonly config?: string;
}

const urls = { pre: "postgresql://db1/before", current: "postgresql://db1/live" };
const strategies = [manual, keepCurrent, takeIncoming];

function settingsOf({ flags = {}, env = {}, config }: Asked = {}): PlanSettings {
  const file = config === undefined ? noConfig : parseConfig(config, "pgmend.yaml");
  return parseSettings({ flags: { ...urls, ...flags }, env, file, strategies });
}

function mistakesOf(asked: Asked, { bare = false } = {}): readonly string[] {
  const missing = bare ? { pre: undefined, current: undefined } : {};
  try {
    settingsOf({ ...asked, flags: { ...asked.flags, ...missing } as PlanFlags });
    return [];
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return error.mistakes.map(({ where, what }) => `${where}: ${what}`);
  }
}

it("two connections are enough", () => {
  expect(settingsOf()).toEqual({
    mode: "undo",
    connections: { pre: { url: urls.pre }, current: { url: urls.current } },
    tables: [],
    excludeTables: [],
    keys: {},
    rules: [],
    damage: ["update", "delete"],
    strategies: [],
    touch: { columns: undefined, write: "restore" },
    groups: {},
    granularity: "row",
    triggers: "fire",
    invariants: [],
    warnings: [],
    placeOf: expect.any(Function),
    guard: { massDelete: { share: 0.5, rows: 100 } },
    redact: [],
  });
});

describe("flags win over the environment, and that over the config", () => {
  const config = `
connections: { pre: postgresql://config/pre, post: postgresql://config/post, current: postgresql://config/current }
mode: replay
tables: [public.invoice]
damage: [insert]
granularity: cell
triggers: disable
`;
  const env = {
    PGMEND_PRE: "postgresql://env/pre",
    PGMEND_POST: "postgresql://env/post",
    PGMEND_CURRENT: "postgresql://env/current",
  };
  const flags = {
    pre: "postgresql://flag/pre",
    post: "postgresql://flag/post",
    current: "postgresql://flag/current",
    mode: "undo",
    tables: ["public.device"],
    damage: "update, delete",
    granularity: "row",
    triggers: "fire",
  };
  const none = { pre: undefined, current: undefined } as unknown as PlanFlags;

  it.each<[string, Asked, string]>([
    ["flag", { flags, env, config }, "flag"],
    ["environment", { flags: none, env, config }, "env"],
    ["config", { flags: none, config }, "config"],
  ])("connections: %s", (_, asked, from) => {
    const found = settingsOf(asked).connections;
    expect(found).toEqual({
      pre: { url: `postgresql://${from}/pre` },
      post: { url: `postgresql://${from}/post` },
      current: { url: `postgresql://${from}/current` },
    });
  });

  it("each by itself", () => {
    const { connections } = settingsOf({
      flags: { ...none, post: flags.post },
      env: { PGMEND_PRE: env.PGMEND_PRE },
      config,
    });
    expect(connections.pre.url).toBe("postgresql://env/pre");
    expect(connections.post?.url).toBe("postgresql://flag/post");
    expect(connections.current.url).toBe("postgresql://config/current");
  });

  it("a variable set to nothing is as good as none", () => {
    const { connections } = settingsOf({
      flags: none,
      env: { ...env, PGMEND_PRE: "", PGMEND_POST: "" },
      config,
    });
    expect(connections.pre.url).toBe("postgresql://config/pre");
    expect(connections.post?.url).toBe("postgresql://config/post");
    expect(settingsOf({ env: { PGMEND_POST: "" } }).connections.post).toBeUndefined();
  });

  it("all other settings", () => {
    const asked = ["mode", "tables", "damage", "granularity", "triggers"] as const;
    const pick = (settings: PlanSettings) => asked.map((name) => settings[name]);
    expect(pick(settingsOf({ config }))).toEqual([
      "replay",
      ["public.invoice"],
      ["insert"],
      "cell",
      "disable",
    ]);
    const both = pick(settingsOf({ flags, config }));
    expect(both).toEqual(["undo", ["public.device"], ["update", "delete"], "row", "fire"]);
  });

  it("what is excluded anywhere stays excluded", () => {
    const excluding = "excludeTables: [public.audit_log]";
    const { excludeTables } = settingsOf({ flags: { excludeTables: ["public.session"] }, config: excluding });
    expect(excludeTables).toEqual(["public.session", "public.audit_log"]);
  });
});

it("hands on what the config says", () => {
  const settings = settingsOf({
    config: `
keys: { public.log: [line] }
groups: { public.event: [[starts_at, ends_at]] }
touch: { columns: [seen_at], write: now }
invariants: [{ name: no debts, sql: SELECT FROM account WHERE balance < 0 }]
rules:
  - match: { tables: [public.device], transactions: [812231, "7"] }
    is: damage
`,
  });
  expect(settings).toMatchObject({
    keys: { "public.log": ["line"] },
    groups: { "public.event": [["starts_at", "ends_at"]] },
    touch: { columns: ["seen_at"], write: "now" },
    invariants: [{ name: "no debts", sql: "SELECT FROM account WHERE balance < 0" }],
    rules: [
      {
        where: "pgmend.yaml:7:5 rules[0]",
        match: { tables: ["public.device"], transactions: ["812231", "7"] },
        is: "damage",
      },
    ],
  });
});

describe("strategies", () => {
  const config = `
strategies:
  - match: { tables: [public.app], kinds: [update/update] }
    use: keep-current
  - use: manual
`;

  it("those of flags are asked first, each says where it stands", () => {
    const flags = { strategy: ["public.app.download_count=take-incoming", "*=keep-current"] };
    const found = settingsOf({ flags, config }).strategies;
    expect(found.map(({ where, match, strategy }) => [where, match, strategy])).toEqual([
      [
        "--strategy public.app.download_count=take-incoming",
        { tables: ["public.app"], columns: ["download_count"] },
        takeIncoming,
      ],
      ["--strategy *=keep-current", {}, keepCurrent],
      ["pgmend.yaml:3:5 strategies[0]", { tables: ["public.app"], kinds: ["update/update"] }, keepCurrent],
      ["pgmend.yaml:5:5 strategies[1]", {}, manual],
    ]);
  });

  it("one that nobody knows is a mistake, with those there are", () => {
    const flags = { strategy: ["*=newst", "nonsense"] };
    const mistakes = mistakesOf({ flags, config: "strategies:\n  - use: oldest\n" });
    expect(mistakes).toHaveLength(3);
    expect(mistakes[0]).toMatch(
      /^--strategy \*=newst: there is no strategy "newst"; .*manual, keep-current, take-incoming/,
    );
    expect(mistakes[1]).toMatch(/^--strategy nonsense: expected schema\.table\.column=strategy/);
    expect(mistakes[2]).toMatch(/^pgmend\.yaml:2:10 strategies\[0\]\.use: there is no strategy "oldest"/);
  });
});

describe("mistakes", () => {
  it("all at once, each with its place", () => {
    const flags = {
      pre: "db1/before",
      mode: "forward",
      damage: "update,truncate",
      granularity: "column",
      triggers: "off",
      strategy: ["x"],
    };
    expect(mistakesOf({ flags }).map((mistake) => mistake.split(": ")[0])).toEqual(
      expect.arrayContaining(["--pre", "--mode", "--damage", "--granularity", "--triggers", "--strategy x"]),
    );
    expect(mistakesOf({ flags })).toContain('--damage: "truncate" is none of insert, update, delete');
    expect(mistakesOf({ flags })).toContain('--mode: "forward" is none of undo, replay');
  });

  it("a connection that is missing names every way to give it", () => {
    const what = (role: string, variable: string) =>
      `--${role}: no connection; give --${role} URL, ${variable}, or connections.${role} in the config`;
    expect(mistakesOf({}, { bare: true })).toEqual([
      what("pre", "PGMEND_PRE"),
      what("current", "PGMEND_CURRENT"),
    ]);
  });

  it.each(["db1", "host=db1 dbname=fleet", "mysql://db1/fleet", "http://db1"])(
    "%j is no connection",
    (post) => {
      expect(mistakesOf({ flags: { post } })).toHaveLength(1);
    },
  );

  it("a URL with a password is never repeated", () => {
    const mistakes = mistakesOf({ flags: { post: "postgres:/ada:hunter2@db1/after" } });
    expect(mistakes).toEqual(["--post: expected a URL like postgresql://user@host:5432/database"]);
  });

  it.each(["postgres://db1/fleet", "postgresql://ada@db1:5432/fleet?sslmode=require"])(
    "%s is fine",
    (post) => {
      expect(settingsOf({ flags: { post } }).connections.post).toEqual({ url: post });
    },
  );
});

describe("--damage-signature", () => {
  it("is a rule, and the default that nothing else is damage", () => {
    const { rules, damage } = settingsOf({ flags: { damageSignature: "S1, s3" } });
    expect(rules).toEqual([
      { where: "--damage-signature S1, s3", match: { signatures: ["S1", "S3"] }, is: "damage" },
    ]);
    expect(damage).toEqual([]);
  });

  it.each<[string, Asked, RegExp]>([
    ["no id", { flags: { damageSignature: "S1,3" } }, /"3" is no signature; expected ids like S1,S3/],
    ["nothing", { flags: { damageSignature: "" } }, /"" is no signature/],
    ["--damage", { flags: { damageSignature: "S1", damage: "insert" } }, /and so does --damage;/],
    [
      "damage in the config",
      { flags: { damageSignature: "S1" }, config: "damage: [insert]" },
      /does pgmend.yaml:1:9 damage;/,
    ],
    [
      "rules",
      { flags: { damageSignature: "S1" }, config: "rules: [{ match: {}, is: legitimate }]" },
      /does pgmend.yaml:1:8 rules;/,
    ],
    [
      "a rule with no id",
      { config: "rules: [{ match: { signatures: [1] }, is: damage }]" },
      /rules\[0\].match.signatures/,
    ],
  ])("refuses %s", (_, asked, message) => {
    let found: readonly string[] = [];
    try {
      found = mistakesOf(asked);
    } catch (error) {
      found = [String(error)];
    }
    expect(found).toEqual([expect.stringMatching(message)]);
  });
});
