import type { State } from "../state/state.js";
import { type Line, line, type Span, span } from "../text/line.js";
import { type Binding, bindingsOf } from "./key-table.js";
import { keyName } from "./keys-page.js";
import { scopeOf } from "./press.js";

/** The two lines at the bottom: what can be done here, and how to take it back and leave. */
export function footer(state: State): readonly [Line, Line] {
  const bindings = bindingsOf(scopeOf(state));
  return [1, 2].map((at) =>
    footerLine(
      bindings.filter(({ footer }) => footer === at),
      state,
    ),
  ) as [Line, Line];
}

function footerLine(bindings: readonly Binding[], state: State): Line {
  const hints = bindings.flatMap(({ keys: [key = ""], label, disabled }): Span[] => {
    const off = disabled?.(state) !== undefined;
    return [span(`  ${keyName(key)}`, off ? "dim" : "key"), span(` ${label}`, off ? "dim" : undefined)];
  });
  const [first, ...others] = hints;
  if (first === undefined) return line();
  return line({ ...first, text: first.text.trimStart() }, ...others);
}
