import { nonNull } from "../../../merge-strategies/non-null.js";
import { passes, runCells } from "./cell-cases.js";

runCells(
  nonNull,
  [
    { name: "the side that has a value", cell: ["ada", null, "bob"], expect: "bob" },
    { name: "also without a base", cell: [null, null, "bob"], expect: "bob" },
    { name: "an empty text is a value", cell: ["ada", null, ""], expect: "" },
    { name: "so is the word null", cell: ["ada", null, "null"], expect: "null" },
    { name: "not where both have one", cell: ["ada", "bob", "eve"], expect: passes },
    { name: "not where one is empty", cell: ["ada", "", "eve"], expect: passes },
  ],
  { type: "text" },
);
