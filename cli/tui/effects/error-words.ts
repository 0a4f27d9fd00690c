import { ConnectionError, UsageError } from "../../../src/index.js";
import { errorText } from "../../show-error.js";
import type { ConnectError } from "../state/actions.js";
import { type ConnectField, connectFields } from "../state/state.js";

/** An error on one line. */
export function shortText(error: unknown): string {
  if (error instanceof UsageError) return error.mistakes.map(({ what }) => what).join("; ");
  return errorLines(error).join("; ");
}

/**
 * What went wrong and what to do, a sentence a line; of a fault of ours, not where in the program it happened. Passwords
 * are taken out where errors are made into text.
 */
export function errorLines(error: unknown): readonly string[] {
  return errorText(error)
    .trimEnd()
    .split("\n")
    .filter((text) => !/^\s+at /.test(text))
    .map((text) => text.replace(/^error: /, ""));
}

/** What is wrong with which field of the connect screen. */
export function scanErrors(error: unknown): readonly ConnectError[] {
  if (error instanceof AggregateError) return error.errors.flatMap(scanErrors);
  if (error instanceof UsageError) {
    const mistakes = error.mistakes.map(({ where, what }) => {
      const field = connectFields.find((name) => where === `--${name}`);
      return { field, text: field === undefined ? `${where}: ${what}` : what };
    });
    return error.hint === undefined
      ? mistakes
      : [...mistakes, { field: undefined, text: `hint: ${error.hint}` }];
  }
  const field = error instanceof ConnectionError ? fieldOf(error.role) : undefined;
  return [
    {
      field,
      text: errorText(error)
        .trimEnd()
        .replace(/^error: /, ""),
    },
  ];
}

const fieldOf = (role: string): ConnectField | undefined => connectFields.find((name) => name === role);
