import { expect, it } from "vitest";
import { arrayText, compositeText } from "../../../src/sql/composite.js";

it("quotes what would be read as something else", () => {
  expect(compositeText(["17", null, "", 'a "b"', "c\\d", "a,b", "(", "NULL", "1.5e-7"])).toBe(
    String.raw`(17,,"","a ""b""","c\\d","a,b","(",NULL,1.5e-7)`,
  );
  expect(arrayText(["17", null, "", 'a "b"', "c\\d", "NULL", 5, true])).toBe(
    String.raw`{"17",NULL,"","a \"b\"","c\\d","NULL",5,true}`,
  );
});
