import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PlanRecovery } from "../../../cli/tui/desk/plan-recovery.js";
import { openPlanStore, type PlanStore } from "../../../src/index.js";
import { query } from "../../support/database.js";
import { makePlan, play } from "../../support/incident.js";

/** Three articles lose their price; somebody corrects one of them once the plan is made. */
const story = {
  pre: `CREATE TABLE article (id integer PRIMARY KEY, price numeric(8,2));
    INSERT INTO article VALUES (1, 1.50), (2, 2.50), (3, 3.50)`,
  post: "UPDATE article SET price = NULL",
};

let store: PlanStore;
let current: string;
const prices = () => query(current, "SELECT price FROM article ORDER BY id");
const silent = () => undefined;

const recoveryOf = (more: Partial<ConstructorParameters<typeof PlanRecovery>[0]> = {}) =>
  new PlanRecovery({
    ...{ store, current: { url: current }, by: "ann", needsApproval: false },
    ...{ signal: new AbortController().signal, ...more },
  });

beforeEach(async () => {
  const databases = await play(story);
  const { folder } = await makePlan(databases);
  ({ current } = databases);
  store = await openPlanStore(join(folder, "plan.duckdb"));
});

afterEach(() => store.close());

describe("the recovery of a plan that is under review", () => {
  it("looks and rehearses without writing", async () => {
    const recovery = recoveryOf();
    expect(await recovery.look("patch", silent)).toMatchObject({ open: 3, direction: "patch" });
    expect(await recovery.rehearse("", silent)).toMatchObject({ written: 3, moved: 0 });
    expect(await recovery.standing()).toMatchObject({ done: { planned: 3, written: 0 } });
    expect(await prices()).toEqual([{ price: null }, { price: null }, { price: null }]);
  });

  it("stops at rows that moved, goes on without them, says so, and takes the rest back", async () => {
    await query(current, "UPDATE article SET price = 9.90 WHERE id = 2");
    const recovery = recoveryOf();
    const preview = await recovery.look("patch", silent);
    expect(await recovery.apply({ preview, onDrift: "stop" }, silent)).toMatchObject({
      result: { written: 0, moved: 1, stopped: true },
    });
    expect(await recovery.apply({ preview, onDrift: "skip" }, silent)).toMatchObject({
      result: { written: 2, moved: 1, stopped: false },
    });
    expect(await prices()).toEqual([{ price: "1.50" }, { price: "9.90" }, { price: "3.50" }]);
    expect(await recovery.verify(silent)).toMatchObject({ asPlanned: 2, moved: 1 });
    const back = await recovery.look("rollback", silent);
    expect(await recovery.apply({ preview: back, onDrift: "stop" }, silent)).toMatchObject({
      result: { written: 2, moved: 0 },
    });
    expect(await prices()).toEqual([{ price: null }, { price: "9.90" }, { price: null }]);
  });

  it("writes nothing that is not any more what was agreed to, and shows what is", async () => {
    const recovery = recoveryOf();
    const preview = await recovery.look("patch", silent);
    const other = { ...preview, open: 2 };
    expect(await recovery.apply({ preview: other, onDrift: "stop" }, silent)).toEqual({
      ...{ kind: "changed", preview },
    });
    expect(await prices()).toEqual([{ price: null }, { price: null }, { price: null }]);
  });

  it("writes only what somebody has signed, where that is wanted", async () => {
    const recovery = recoveryOf({ needsApproval: true });
    await expect(recovery.look("patch", silent)).rejects.toThrow("nobody has approved this plan");
    expect((await recovery.standing()).signing.missing).toBe("nobody has approved this plan");
    const { signing } = await recovery.sign("read it");
    expect(signing).toMatchObject({ missing: undefined, fitting: { by: "ann", comment: "read it" } });
    const preview = await recovery.look("patch", silent);
    expect(await recovery.apply({ preview, onDrift: "stop" }, silent)).toMatchObject({ kind: "applied" });
  });

  it("says what to do where current is not known, and ends when somebody stops it", async () => {
    const unknown = recoveryOf({ current: undefined });
    expect(await unknown.standing()).toMatchObject({ knowsCurrent: false });
    expect(() => unknown.verify(silent)).toThrow("give --current URL");
    const recovery = recoveryOf();
    const preview = await recovery.look("patch", silent);
    const applying = recovery.apply({ preview, onDrift: "stop" }, silent);
    recovery.stop();
    await expect(applying).rejects.toThrow("interrupted");
    expect(await prices()).toEqual([{ price: null }, { price: null }, { price: null }]);
  });
});
