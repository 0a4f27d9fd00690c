import { Box, Text } from "ink";
import { memo } from "react";
import { type Line, lineText } from "../text/line.js";
import { fitLeft } from "../text/measure.js";
import { paint } from "./paint.js";

interface LineProps {
  readonly line: Line;
  readonly columns: number;
  readonly color: boolean;
}

/**
 * One line of the screen. The line that the cursor is on has a mark of its own, and is inverse where
 * there are colours.
 */
const ScreenLine = memo(({ line, columns, color }: LineProps) => {
  if (line.selected === true && color) {
    const text = fitLeft(`> ${lineText(line)}`, columns);
    const hasCursor = line.spans.some(({ tone }) => tone === "cursor");
    if (!hasCursor) return <Text inverse>{text}</Text>;
  }
  return (
    <Text>
      {line.selected === true ? "> " : "  "}
      {line.spans.map(({ text, tone }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line has no other identity, and is drawn anew as a whole
        <Text key={at} {...paint(tone, color)}>
          {text}
        </Text>
      ))}
    </Text>
  );
});

interface LinesProps {
  readonly lines: readonly Line[];
  readonly height: number;
  readonly columns: number;
  readonly color: boolean;
}

/** Exactly so many lines, whatever there are. */
export function Lines({ lines, height, columns, color }: LinesProps) {
  const shown = lines.slice(0, height);
  return (
    <Box flexDirection="column" height={height} width={columns}>
      {shown.map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place on the screen
        <ScreenLine key={at} line={line} columns={columns} color={color} />
      ))}
    </Box>
  );
}
