import type { Strategy } from "../src/model/conflict.js";
import { counter } from "./counter.js";
import { greatest } from "./greatest.js";
import { increment } from "./increment.js";
import { json } from "./json.js";
import { keepCurrent } from "./keep-current.js";
import { least } from "./least.js";
import { manual } from "./manual.js";
import { newest } from "./newest.js";
import { nonNull } from "./non-null.js";
import { rekey } from "./rekey.js";
import { setUnion } from "./set-union.js";
import { takeIncoming } from "./take-incoming.js";
import { text } from "./text.js";

/** Built in, in the order in which help shows them. The house never imports this list; `cli/` introduces it. */
export const builtInStrategies: readonly Strategy[] = [
  manual,
  keepCurrent,
  takeIncoming,
  newest,
  counter,
  setUnion,
  json,
  text,
  greatest,
  least,
  nonNull,
  increment,
  rekey,
];
