import { number, outcomes, type PlannedSignature } from "../../../src/index.js";
import { type Forecast, forecast, recalled } from "../state/forecast.js";
import { signaturesMargin } from "../state/heights.js";
import type { FoundSignatures } from "../state/incident-places.js";
import type { State } from "../state/state.js";
import { blank, type Line, line, type Span, span } from "../text/line.js";
import { shown, wrap } from "../text/measure.js";
import { count } from "../text/numbers.js";
import { type Column, table } from "../text/table.js";
import { windowOf } from "./list-window.js";
import type { Screen } from "./screen.js";

/** What the changes have in common, largest first; what people call it, and what that makes of the plan. */
export const signatures: Screen<"signatures"> = {
  title: () => "Signatures",
  body: ({ found, list }, state, { columns, height }) => {
    if (found === undefined) return [line(span("reading the signatures…", "dim"))];
    const { heading, row } = table(columnsFor(columns), columns - 2);
    const room = Math.max(1, height - signaturesMargin);
    const lines = windowOf(found.list, list, room).map(({ item, selected }) => row(item, selected));
    const filler = new Array<Line>(room - lines.length).fill(blank);
    return [
      ...outcomeLines(found, state),
      heading,
      ...lines,
      ...filler,
      ...pane(found.list[list.selected], columns),
    ];
  },
  tell: ({ found }, state) =>
    found === undefined
      ? { lines: ["Reading the signatures."], items: [] }
      : {
          lines: outcomeTexts(found, state),
          items: found.list.map((item, at) => ({ at, text: told(item) })),
        },
};

/** Three lines: what the plan makes of the rows, what the next one would, and how to get there. */
function outcomeLines(found: FoundSignatures, state: State): readonly Line[] {
  const { now, then, toJudge } = forecastOf(found, state);
  const waiting = recalled(found.list);
  const head = line(span("now:  ", "heading"), countsText(now));
  if (waiting === 0)
    return [
      head,
      line(span("d, l and o say what the one that is selected is; w plans again by that.", "dim")),
      blank,
    ];
  const judge = toJudge === 0 ? [] : [span(`${number(toJudge)} to be judged, `, "warning")];
  return [
    head,
    // What is not known comes first: a narrow terminal cuts the end.
    line(span("then: ", "heading"), ...judge, ...changedSpans(now, then)),
    waitingLine(found, waiting),
  ];
}

function waitingLine({ cannotPlan }: FoundSignatures, waiting: number): Line {
  const are = waiting === 1 ? "1 call is" : `${number(waiting)} calls are`;
  const why = cannotPlan === undefined ? "w plans again, and checks constraints" : shown(cannotPlan);
  return line(span(`${are} not in the plan yet: ${why}`, "warning"));
}

const forecastOf = ({ list }: FoundSignatures, { plan }: State): Forecast =>
  forecast(list, plan?.header.mode ?? "undo");

const countsText = (counts: Forecast["now"]): string =>
  outcomes
    .flatMap((outcome) => (counts[outcome] === 0 ? [] : [`${outcome} ${number(counts[outcome])}`]))
    .join(", ");

/** What moves stands out, with colour and without. */
function changedSpans(now: Forecast["now"], then: Forecast["then"]): readonly Span[] {
  const moved = outcomes.filter((outcome) => now[outcome] + then[outcome] > 0);
  return moved.flatMap((outcome, at) => {
    const difference = then[outcome] - now[outcome];
    const sign = difference > 0 ? "+" : "−";
    const by = difference === 0 ? "" : ` (${sign}${number(Math.abs(difference))})`;
    return [
      span(at === 0 ? "" : ", "),
      span(`${outcome} ${number(then[outcome])}${by}`, difference === 0 ? undefined : "changed"),
    ];
  });
}

function outcomeTexts(found: FoundSignatures, state: State): readonly string[] {
  const { now, then, toJudge } = forecastOf(found, state);
  const waiting = recalled(found.list);
  const next = changedSpans(now, then)
    .map(({ text }) => text)
    .join("");
  return [
    `Now ${countsText(now)}.`,
    ...(waiting === 0 ? [] : [`Planned again: ${number(toJudge)} to be judged, ${next}.`]),
    ...(waiting === 0 || found.cannotPlan === undefined
      ? []
      : [`It cannot be from here: ${shown(found.cannotPlan)}.`]),
  ];
}

function columnsFor(columns: number): readonly Column<PlannedSignature>[] {
  const numbers = (heading: string, value: (item: PlannedSignature) => number): Column<PlannedSignature> => ({
    ...{ heading, width: 9, right: true },
    cell: (item) => count(value(item)),
  });
  const isWide = columns >= 140;
  return [
    { heading: "id", width: 4, cell: ({ id }) => id },
    numbers("rows", ({ rows }) => rows),
    { heading: "called", width: 13, cell: callOf },
    { heading: "what was done", width: undefined, cell: ({ words }) => shown(deedOf(words)) },
    ...(isWide
      ? [
          numbers("apply", (item) => item.outcomes.apply),
          numbers("conflict", (item) => item.outcomes.conflict),
          numbers("kept", (item) => item.outcomes.kept),
          { ...numbers("trans.", ({ transactions }) => transactions?.count ?? 0) },
        ]
      : []),
  ];
}

/** The count stands in a column of its own. */
const deedOf = (words: string): string => words.replace(/^[\d ]+(?:rows? of )?/, "");

/** What people call it, with an arrow where the plan does not know yet; else what was done with its rows. */
function callOf({ called, planned, outcomes: counts }: PlannedSignature): Span {
  const tone = called === "damage" ? "error" : "good";
  if (called !== planned) return span(`→ ${called ?? "nothing"}`, "warning");
  if (called !== undefined) return span(called, tone);
  const { kept, excluded, ...incoming } = counts;
  const merged = Object.values(incoming).reduce((sum, rows) => sum + rows, 0);
  if (merged > 0) return span(kept + excluded > 0 ? "· in part" : "· incoming", "dim");
  return span(kept > 0 ? "· kept" : "· excluded", "dim");
}

/** All that is to be said of the signature that is selected: seven lines at most. */
function pane(item: PlannedSignature | undefined, columns: number): readonly Line[] {
  if (item === undefined) return [];
  const words = wrap(shown(`${item.id}: ${item.words}`), columns - 4);
  const [tone, verdict] = item.people
    ? (["good", "probably people's work"] as const)
    : (["warning", kinds[item.kind]] as const);
  return [
    line(span("─".repeat(Math.max(0, columns - 2)), "dim")),
    ...words.slice(0, 4).map((text) => line(`  ${text}`)),
    line(span(`  ${verdict}`, tone), span(`  now: ${countsText(item.outcomes)}`, "dim")),
  ];
}

const kinds: Readonly<Record<PlannedSignature["kind"], string>> = {
  emptied: "a table that was emptied",
  bulk: "written in bulk",
  overlaid: "a bulk beneath other changes",
  outliers: "outliers",
  scattered: "scattered",
  untold: "nothing tells who wrote",
};

function told(item: PlannedSignature): string {
  const { id, words, people, called, planned } = item;
  const whose = people ? " Probably people's work." : ` ${kinds[item.kind]}.`;
  const call =
    called === undefined ? "" : ` Called ${called}${called === planned ? "" : ", not in the plan yet"}.`;
  return `${id}: ${shown(words)}.${whose}${call} Now ${countsText(item.outcomes)}.`;
}
