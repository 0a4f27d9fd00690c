import { expect, it } from "vitest";
import { makePlan, play } from "../../support/incident.js";
import { expectRecovery } from "../../support/recovery.js";

/** A log that a rule writes, and rows that a rule keeps from being deleted. */
const schema = `CREATE TABLE device (id integer PRIMARY KEY, name text); INSERT INTO device VALUES (1, 'a'), (2, 'b');
  CREATE TABLE history (id integer, was text);
  CREATE RULE remember AS ON UPDATE TO device DO ALSO INSERT INTO history VALUES (OLD.id, OLD.name);
  CREATE RULE "keep; --" AS ON DELETE TO device WHERE OLD.id > 100 DO INSTEAD NOTHING;
  CREATE RULE twice AS ON INSERT TO device DO ALSO NOTIFY device`;
const asleep = (sql: string) =>
  `ALTER TABLE device DISABLE RULE remember; ${sql}; ALTER TABLE device ENABLE ALWAYS RULE remember`;

const databases = () =>
  play({
    pre: schema,
    post: asleep(
      "UPDATE device SET name = NULL WHERE id = 1; DELETE FROM device WHERE id = 2; INSERT INTO device VALUES (3, 'noise')",
    ),
  });
const words = ["--damage", "insert,update,delete"];

it("rewrite rules are switched off with triggers, and on again as they were", async () => {
  const played = await databases();
  const plan = await makePlan(played, { words: [...words, "--triggers", "disable"] });
  expect(plan.summary.warnings.join()).not.toContain("rewrite rule");
  const said = await expectRecovery(played, plan, {
    truth: asleep(
      "UPDATE device SET name = 'a' WHERE id = 1; DELETE FROM device WHERE id = 3; INSERT INTO device VALUES (2, 'b')",
    ),
  });
  expect(said.stderr).toContain("pgmend: 3 rows written");
});

it("a plan says where rewrite rules will stop the patch", async () => {
  const { summary } = await makePlan(await databases(), { words });
  expect(summary.warnings).toContain(
    "public.device has a rewrite rule (remember), and PostgreSQL refuses the statements of the patch there; plan with --triggers disable, which switches rules off, too",
  );
});
