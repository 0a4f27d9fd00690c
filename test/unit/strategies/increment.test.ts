import { increment } from "../../../merge-strategies/increment.js";
import { passes, runCells } from "./cell-cases.js";

runCells(
  increment,
  [
    { name: "above both", cell: ["3", "7", "5"], expect: "8" },
    { name: "above both, whatever the base says", cell: [null, "7", "5"], expect: "8" },
    { name: "by number, not by text", cell: ["1", "9", "10"], expect: "11" },
    {
      name: "past what a double can count",
      type: "bigint",
      cell: ["1", "9007199254740992", "2"],
      expect: "9007199254740993",
    },
    { name: "below zero", cell: ["-9", "-2", "-5"], expect: "-1" },
    { name: "numeric without a fraction", type: "numeric(19,0)", cell: ["1", "2", "3"], expect: "4" },
    { name: "not numeric with one", type: "numeric(19,2)", cell: ["1.00", "2.00", "3.00"], expect: passes },
    { name: "not where the type ends", type: "smallint", cell: ["1", "32767", "3"], expect: passes },
    { name: "not where the digits end", type: "numeric(2,0)", cell: ["1", "99", "3"], expect: passes },
    { name: "not NULL", cell: ["1", null, "3"], expect: passes },
    { name: "not a float", type: "double precision", cell: ["1", "2", "3"], expect: passes },
    { name: "not text", type: "text", cell: ["1", "2", "3"], expect: passes },
    { name: "not NaN", type: "numeric", cell: ["1", "NaN", "3"], expect: passes },
  ],
  { type: "integer" },
);
