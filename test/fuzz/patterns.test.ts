import { expect, it } from "vitest";
import { deviceTable } from "./device-case.js";
import { matchesTable } from "./patterns.js";

const billed = { ...deviceTable, schema: "billing", label: "billing.device" };
const hostile = { ...deviceTable, name: "a/b\nc", label: 'public."a/b\nc"', plain: false };

it.each([
  ["*", [true, true, true]],
  ["public.*", [true, false, true]],
  ["billing.*", [false, true, false]],
  ["public.device", [true, false, false]],
  ["device", [true, false, false]],
  ["public.de*", [true, false, false]],
  ["publicxdevice", [false, false, false]],
  ["evic", [false, false, false]],
] as const)("%s", (pattern, expected) => {
  expect([deviceTable, billed, hostile].map((table) => matchesTable(pattern, table))).toEqual(expected);
});
