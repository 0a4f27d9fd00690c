import { expect, it } from "vitest";
import { moment, timeline } from "../../../report-page/timeline.js";

it.each([
  ["2019-09-23 22:16:00+00", Date.UTC(2019, 8, 23, 22, 16)],
  ["2019-09-23 22:16:00.123456+00", Date.UTC(2019, 8, 23, 22, 16, 0, 123)],
  ["2019-09-23 22:16:00+05:30", Date.UTC(2019, 8, 23, 16, 46)],
  ["2019-09-23 22:16:00", Date.UTC(2019, 8, 23, 22, 16)],
  ["2019-09-23", Date.UTC(2019, 8, 23)],
])("%s is a moment", (text, expected) => expect(moment(text)).toBe(expected));

it.each(["infinity", "-infinity", "0044-03-15 00:00:00+00 BC", "10000-01-01", "", "redacted:0123456789ab"])(
  "%j is none",
  (text) => expect(moment(text)).toBeNaN(),
);

it("counts by outcome, in bins of one length, empty ones too", () => {
  const at = (minute: number, outcome: string) => ({
    time: `2024-01-24 07:${String(minute).padStart(2, "0")}:30+00`,
    outcome,
  });
  const rows = [
    at(1, "apply"),
    at(1, "conflict"),
    at(1, "apply"),
    at(3, "kept"),
    { time: "infinity", outcome: "kept" },
  ];
  const bins = timeline(rows, 2);
  expect(bins.map(({ rows: count }) => count)).toEqual([3, 0, 1]);
  expect(bins.map(({ from }) => new Date(from).toISOString().slice(11, 16))).toEqual([
    "07:01",
    "07:02",
    "07:03",
  ]);
  expect(bins[0]?.counts).toEqual(
    new Map([
      ["apply", 2],
      ["conflict", 1],
    ]),
  );
});

it("is nothing where too few rows tell, or all of one moment", () => {
  const same = { time: "2024-01-24 07:00:00+00", outcome: "apply" };
  expect(timeline([same, same], 10)).toEqual([]);
  expect(timeline([same, same], 1)).toEqual([]);
  expect(timeline([{ ...same, time: "1924-01-24" }, same], 1).length).toBeLessThanOrEqual(61);
});
