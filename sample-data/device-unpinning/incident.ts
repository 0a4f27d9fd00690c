import type { Moment } from "../moments.js";
import { night } from "./moments.js";
import type { Device } from "./rows.js";
import { byIncident, type Step } from "./step.js";

const batchSize = 100;

const pinToRunning =
  "UPDATE public.device SET is_pinned_on__release = is_running__release WHERE id BETWEEN $1 AND $2";
const unpin = "UPDATE public.device SET is_pinned_on__release = NULL WHERE id BETWEEN $1 AND $2";

/**
 * The migration and its rollback, batch by batch, each batch a transaction of its own.
 *
 * Both walk the ids there were when the migration began: a device registered meanwhile is not hit.
 */
export function incident(devices: readonly Device[]): Step[] {
  return [
    ...inBatches(devices, night.migrationStarts, night.migrationEnds, pinToRunning),
    ...inBatches(devices, night.rollbackStarts, night.rollbackEnds, unpin),
  ];
}

function inBatches(devices: readonly Device[], from: Moment, to: Moment, sql: string): Step[] {
  const batches = Math.ceil(devices.length / batchSize);
  const pause = (to - from) / batches;
  return Array.from({ length: batches }, (_, batch) => {
    const ids = devices.slice(batch * batchSize, (batch + 1) * batchSize).map(({ id }) => id);
    return byIncident(from + Math.floor(batch * pause), { sql, values: [ids[0], ids.at(-1)] });
  });
}
