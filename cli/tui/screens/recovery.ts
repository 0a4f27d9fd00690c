import { number, plural } from "../../../src/index.js";
import { bindingsOf } from "../keys/key-table.js";
import { type RecoveryStep, recoverySteps } from "../state/recovery-places.js";
import type { State } from "../state/state.js";
import { blank, type Line, line, type Span, span } from "../text/line.js";
import { shown, wrap } from "../text/measure.js";
import { type Column, table } from "../text/table.js";
import { windowOf } from "./list-window.js";
import type { Screen } from "./screen.js";

/** The steps from the written patch to a verified database, and how far each is. */
export const recovery: Screen<"recovery"> = {
  title: () => "Mend",
  body: ({ list }, state, { columns, height }) => {
    const { heading, row } = table(columnsFor(state), columns - 2);
    const selected = recoverySteps[list.selected] ?? "rehearse";
    const head = wrap(introduction(state), columns - 2).map((text) => line(text));
    const listed = windowOf(recoverySteps, list, Math.max(1, height - head.length - 2));
    return [
      ...head,
      blank,
      heading,
      ...listed.map(({ item, selected: isSelected }) => row(item, isSelected)),
      blank,
      ...about(selected, state, columns),
    ];
  },
  tell: (_, state) => ({
    lines: [introduction(state)],
    items: recoverySteps.map((step, at) => {
      const why = bindingOf(step)?.disabled?.(state);
      const now = why === undefined ? "" : ` (now: ${shown(why)})`;
      return { at, text: `${names[step]}: ${standingOf(step, state).text.replace("·", "not yet")}${now}` };
    }),
  }),
};

const names: Readonly<Record<RecoveryStep, string>> = {
  ...{ rehearse: "rehearse", approve: "approve", apply: "apply", verify: "verify", rollback: "take back" },
};

function introduction({ plan }: State): string {
  if (plan === undefined) return "";
  const { database, server } = plan.header.connections.current;
  return `For ${shown(database)} on ${shown(server)}. Whatever writes there asks first.`;
}

const bindingOf = (step: RecoveryStep) => bindingsOf("recovery").find(({ does }) => does === step);

function columnsFor(state: State): readonly Column<RecoveryStep>[] {
  return [
    { heading: "key", width: 3, cell: (step) => span(bindingOf(step)?.keys[0] ?? "", "key") },
    { heading: "step", width: 9, cell: (step) => names[step] },
    { heading: "how far it is", width: undefined, cell: (step) => standingOf(step, state) },
  ];
}

/** What became of it in this session; before, what the plan knows of it. */
function standingOf(step: RecoveryStep, state: State): Span {
  const verdict = state.verdicts[step];
  if (step === "approve") return approval(state);
  if (step === "apply" && verdict?.tone !== "error") return written(state);
  if (verdict === undefined) return span("·", "dim");
  return span(shown(verdict.text), verdict.tone);
}

function approval({ standing }: State): Span {
  if (standing === undefined) return span("…", "dim");
  const { signing, needsApproval } = standing;
  const { fitting, missing = "" } = signing;
  if (fitting !== undefined) return span(`signed by ${shown(fitting.by)}, ${moment(fitting.at)}`, "good");
  const isWanted = needsApproval || signing.last !== undefined;
  return span(shown(missing), isWanted ? "warning" : "dim");
}

export const moment = (at: string): string => at.slice(0, 19).replace("T", " ");

function written({ standing }: State): Span {
  if (standing === undefined) return span("…", "dim");
  const { planned, written: rows, already } = standing.done;
  const text = `${number(rows)} of ${number(planned)} ${plural(planned, "row")} written`;
  const rest = already === 0 ? "" : `, ${number(already)} were as planned already`;
  const tone = rows + already === 0 ? undefined : rows + already >= planned ? "good" : "warning";
  return span(text + rest, tone);
}

/** What the step that is selected does, and why it cannot be begun now. */
function about(step: RecoveryStep, state: State, columns: number): readonly Line[] {
  const { help = "", disabled } = bindingOf(step) ?? {};
  const why = disabled?.(state);
  const lines = (text: string, tone: "dim" | "warning") =>
    wrap(shown(text), columns - 4).map((part) => line(span(`  ${part}`, tone)));
  return [...lines(help, "dim"), ...(why === undefined ? [] : lines(`now: ${why}`, "warning"))];
}
