import type { Strategy } from "../src/model/conflict.js";
import { keepCurrent } from "./keep-current.js";
import { manual } from "./manual.js";
import { takeIncoming } from "./take-incoming.js";

/** Built in, in the order in which help shows them. The house never imports this list; `cli/` introduces it. */
export const builtInStrategies: readonly Strategy[] = [manual, keepCurrent, takeIncoming];
