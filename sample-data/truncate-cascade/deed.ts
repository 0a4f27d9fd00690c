import type { Moment, Span } from "../moments.js";
import type { Random } from "../random.js";
import type { Fate } from "./fate.js";
import { gone } from "./fate.js";
import type { Request } from "./request.js";

/** Something people or machines do on the restored database. */
export interface Deed {
  readonly at: Moment;
  readonly request: Request;
}

/** Something they did in the lost window, and what must become of it. */
export interface LostDeed extends Deed {
  readonly fate: Fate;
}

export function lostDeed(at: Moment, request: Request, fate: Fate): LostDeed {
  return { at, request, fate };
}

/** What hit a table that was about to be truncated. */
export function inVain(at: Moment, request: Request): LostDeed {
  return { at, request, fate: gone };
}

export function within({ from, to }: Span, random: Random): Moment {
  return random.between(from, to);
}

/** Some time after something else, and before the end of the span. */
export function later(moment: Moment, { from, to }: Span, random: Random): Moment {
  return random.between(Math.max(from, moment + 1), to);
}
