import type { TextProps } from "ink";
import type { Tone } from "../text/line.js";

/** What a tone looks like. The sixteen colours of the terminal, so that they suit its background. */
export function paint(tone: Tone | undefined, color: boolean): TextProps {
  if (tone === "cursor") return { inverse: true };
  if (tone === undefined || !color) return {};
  return looks[tone];
}

const looks: Readonly<Record<Exclude<Tone, "cursor">, TextProps>> = {
  title: { bold: true },
  heading: { bold: true },
  dim: { dimColor: true },
  key: { color: "cyan", bold: true },
  good: { color: "green" },
  warning: { color: "yellow" },
  error: { color: "red", bold: true },
  changed: { color: "yellow", underline: true },
  match: { inverse: true },
};
