import { describe, expect, it } from "vitest";
import { rowsInWords } from "../../../src/report/row-nouns.js";

const say = (label: string, rows: number, others: readonly string[] = []) =>
  rowsInWords([label, ...others])(rows, label);

describe("rows in words", () => {
  it.each([
    ["public.device", "1 device", "48 211 devices"],
    ["public.devices", "1 device", "48 211 devices"],
    ["public.audit_entry", "1 audit entry", "48 211 audit entries"],
    ["public.audit_entries", "1 audit entry", "48 211 audit entries"],
    ["public.application", "1 application", "48 211 applications"],
    ["public.branch", "1 branch", "48 211 branches"],
    ["public.box", "1 box", "48 211 boxes"],
    ["public.survey", "1 survey", "48 211 surveys"],
    ["public.status", "1 status", "48 211 statuses"],
    ["public.statuses", "1 status", "48 211 statuses"],
    ["public.addresses", "1 address", "48 211 addresses"],
  ])("%s", (label, one, many) => {
    expect([say(label, 1), say(label, 48_211)]).toEqual([one, many]);
  });

  it.each([
    ...["analysis", "news", "series", "lens", "kunde", "kunden", "commande", "utilisateurs", "leaf", "hero"],
    ...["person", "people", "child", "salesman", "data", "media", "criterion", "matrix", "index", "firmware"],
    ...["user_has_role", "tbl_user", "t_user", "usr", "xyz", "order2", "a_b_c_d", "is_open", "statusse"],
    ...['"user"', '"Device"', '"kunden daten"', "device__tag", "équipe", "user_data"],
  ])("%s is never mangled", (name) => {
    const label = `public.${name}`;
    expect([say(label, 1), say(label, 2)]).toEqual([`1 row of ${label}`, `2 rows of ${label}`]);
  });

  it("of other schemas, and of two tables that would read alike, the table is named", () => {
    expect(say("billing.invoice", 2)).toBe("2 rows of billing.invoice");
    expect(say("public.device", 2, ["public.devices"])).toBe("2 rows of public.device");
    expect(say("public.devices", 2, ["public.device"])).toBe("2 rows of public.devices");
  });
});
