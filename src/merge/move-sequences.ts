import { identifier } from "../model/names.js";
import type { Sequence, SequenceMove } from "../model/sequence.js";
import type { Mode, Value } from "../model/value.js";
import { courseOf, mirrored, passedBy } from "./sequence-course.js";

/** What a patch writes into the columns that a sequence feeds. */
export interface WrittenKeys {
  /** The one that the sequence would come to last. */
  readonly furthest: bigint | undefined;
  /** There is one at the very end, which the sequence cannot be moved past and still have a number left. */
  readonly atTheEnd: boolean;
}

export const noKeys: WrittenKeys = { furthest: undefined, atTheEnd: false };

/** What the sequence can never hand out does not count: no whole number, or one out of its bounds. */
export function withKey(keys: WrittenKeys, sequence: Sequence, value: Value): WrittenKeys {
  const whole = value === null ? null : /^(-?\d+)(?:\.\d+)?$/.exec(value)?.[1];
  if (whole === undefined || whole === null) return keys;
  const { step, lowest, highest, sign } = courseOf(sequence);
  const key = sign * BigInt(whole);
  if (key < lowest || key > highest) return keys;
  if (key > highest - step) return keys.atTheEnd ? keys : { ...keys, atTheEnd: true };
  if (keys.furthest !== undefined && key <= sign * keys.furthest) return keys;
  return { ...keys, furthest: sign * key };
}

/** One sequence in the three databases; undefined where there is none. */
export interface SequenceVersions {
  readonly pre: Sequence | undefined;
  readonly post: Sequence | undefined;
  readonly current: Sequence;
}

/**
 * How far a sequence must be moved, so that it never hands out a number that a written row has or, in replay, that it
 * handed out in the lost window (design 2.5). It keeps its rhythm: one that counts 3, 13, 23 goes on with numbers that
 * end in 3, as its fellows on other servers rely on.
 */
export function moveSequence(
  mode: Mode,
  versions: SequenceVersions,
  keys: WrittenKeys,
): { readonly move: SequenceMove | undefined; readonly warnings: readonly string[] } {
  const { post, current } = versions;
  const { label } = current;
  const passed = passedBy(current);
  if (passed === undefined) {
    const matters = mode === "replay" || keys.furthest !== undefined || keys.atTheEnd;
    const text = `sequence ${label}: no privilege to read it in current: it is not moved, and may hand out numbers that are taken`;
    return { move: undefined, warnings: matters ? [text] : [] };
  }
  const warnings = [...warningsOf(mode, versions, keys)];
  const course = courseOf(current);
  const { sign, step } = course;
  const origin = sign * passed;
  const wanted = [
    keys.furthest === undefined ? undefined : sign * keys.furthest,
    mode === "replay" && post !== undefined ? mirrored(passedBy(post), sign) : undefined,
  ];
  const furthest = wanted.reduce<bigint>(
    (far, number) => (number !== undefined && number > far ? number : far),
    origin,
  );
  const end = origin + ((course.highest - origin) / step) * step;
  const inRhythm = origin + ((furthest - origin + step - 1n) / step) * step;
  const target = inRhythm > end ? end : inRhythm;
  if (target <= origin) return { move: undefined, warnings };
  if (target === end && !current.cycle) {
    warnings.push(`sequence ${label}: once it is moved to ${sign * target}, it has no number left`);
  }
  const move = {
    sequence: label,
    columns: current.columns.map(({ table, column }) => `${table}.${identifier(column)}`),
    from: String(passed),
    to: String(sign * target),
  };
  return { move, warnings };
}

function* warningsOf(
  mode: Mode,
  { pre, post, current }: SequenceVersions,
  keys: WrittenKeys,
): Generator<string> {
  const name = `sequence ${current.label}`;
  if (keys.atTheEnd) {
    yield `${name}: a row that is written has its last number or nearly so: it is not moved there, where it would have no number left`;
  }
  if (mode === "replay" && post !== undefined && post.state === undefined) {
    yield `${name}: no privilege to read it in post: it is moved past the rows that are written, and no further`;
  }
  const after = mode === "replay" ? post : current;
  if (pre === undefined || after === undefined || current.cycle) return;
  const { sign } = courseOf(current);
  const [before, then] = [mirrored(passedBy(pre), sign), mirrored(passedBy(after), sign)];
  if (before === undefined || then === undefined || then >= before) return;
  yield `${name}: it was set back, from ${sign * before} in pre to ${sign * then} in ${mode === "replay" ? "post" : "current"}: it may hand out numbers that it handed out before`;
}
