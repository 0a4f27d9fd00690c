/**
 * Text in lines of at most `width` characters, broken at blanks; the first line follows `first`, the others `rest`. A
 * word longer than a line is left whole: a name that is cut cannot be copied.
 */
export function wrap(text: string, width: number, first = "", rest = first): readonly string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(" ")) {
    if (!isEmpty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = rest;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}
