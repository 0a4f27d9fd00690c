import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { configJsonSchema, settingWords } from "../../cli/settings/config-json-schema.js";
import { configSchema } from "../../cli/settings/config-schema.js";
import { parseConfig } from "../../cli/settings/read-config.js";
import { repository } from "./cruise.js";

const page = readFileSync(join(repository, "docs", "config.md"), "utf8");

it("pgmend.schema.json is that of the config (`npx vitest run test/meta/config-documented -u` writes it)", async () => {
  const text = `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot(join(repository, "pgmend.schema.json"));
});

it("pgmend.schema.json is shipped", () => {
  const { files } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as { files: string[] };
  expect(files).toContain("pgmend.schema.json");
});

describe("docs/config.md", () => {
  it("lists every setting, in the words that editors show", () => {
    const listed = [...page.matchAll(/^\| `(\w+)` \| (.*) \|$/gm)].map(([, name, words]) => [name, words]);
    const { profiles } = configJsonSchema()["properties"] as { profiles: { description: string } };
    expect(listed).toEqual([...Object.entries(settingWords), ["profiles", profiles.description]]);
    expect(Object.keys(settingWords)).toEqual(Object.keys(configSchema.shape));
  });

  it("has an example that is one, also with its profile", () => {
    const example = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
    const env = { PGMEND_PW: "p", DRILL_URL: "postgresql://drill/fleet" };
    expect(parseConfig(example, "pgmend.yaml", { env }).config.redact).toEqual(["person.email"]);
    const drill = parseConfig(example, "pgmend.yaml", { env, profile: "drill" }).config;
    expect([drill.out, drill.connections?.current]).toEqual(["drill", "postgresql://drill/fleet"]);
  });
});
