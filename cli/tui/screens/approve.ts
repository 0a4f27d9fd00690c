import { number, type Signing } from "../../../src/index.js";
import { approveMargin } from "../state/heights.js";
import type { State } from "../state/state.js";
import { blank, type Line, line, span } from "../text/line.js";
import { shown } from "../text/measure.js";
import { count } from "../text/numbers.js";
import { type Column, table } from "../text/table.js";
import { windowOf } from "./list-window.js";
import { moment } from "./recovery.js";
import type { Screen } from "./screen.js";

type SignedTable = readonly [label: string, counts: Signing["tables"][string]];

/** What would be signed, and who has signed it. */
export const approve: Screen<"approve"> = {
  title: () => "Approve",
  body: ({ list }, { standing }, { columns, height }) => {
    if (standing === undefined) return [line(span("reading the plan…", "dim"))];
    const { heading, row } = table(columnsFor, columns - 2);
    const tables = Object.entries(standing.signing.tables);
    return [
      line(`${shown(standing.signer)} signs what is planned: `, span(fingerprint(standing.signing), "dim")),
      ...approvalLines(standing.signing),
      blank,
      heading,
      ...windowOf(tables, list, height - approveMargin).map(({ item, selected }) => row(item, selected)),
    ];
  },
  tell: (_, { standing }) => ({
    lines: standing === undefined ? ["Reading the plan."] : told(standing),
    items: [],
  }),
};

const fingerprint = (signing: Signing): string => `fingerprint ${signing.fingerprint.slice(0, 16)}`;

/** Two lines. */
function approvalLines(signing: Signing): readonly Line[] {
  const { fitting, missing = "" } = signing;
  if (fitting === undefined) return [line(span(`! ${shown(missing)}`, "warning")), blank];
  const { by, at, comment } = fitting;
  return [
    line(span(`✓ signed by ${shown(by)}, ${moment(at)}`, "good")),
    comment === undefined ? blank : line(span(`  ${shown(comment)}`, "dim")),
  ];
}

const columnsFor: readonly Column<SignedTable>[] = [
  { heading: "table", width: undefined, cell: ([label]) => shown(label) },
  { heading: "insert", width: 12, right: true, cell: ([, counts]) => count(counts.insert) },
  { heading: "update", width: 12, right: true, cell: ([, counts]) => count(counts.update) },
  { heading: "delete", width: 12, right: true, cell: ([, counts]) => count(counts.delete) },
];

function told({ signing, signer }: NonNullable<State["standing"]>): readonly string[] {
  const { fitting, missing = "" } = signing;
  return [
    `${shown(signer)} would sign what is planned, ${fingerprint(signing)}.`,
    fitting === undefined ? `${shown(missing)}.` : `Signed by ${shown(fitting.by)}, ${moment(fitting.at)}.`,
    ...Object.entries(signing.tables).map(
      ([label, counts]) =>
        `${shown(label)}: ${number(counts.insert)} inserts, ${number(counts.update)} updates, ${number(counts.delete)} deletes`,
    ),
  ];
}
