import type { Span } from "../moments.js";
import type { Random } from "../random.js";
import type { Cast } from "./cast.js";
import { address } from "./devices.js";
import { afterRollback, since } from "./moments.js";
import type { Device } from "./rows.js";
import { byPeople, type Step } from "./step.js";

/** The API gathers reports and writes them together. */
const reportsTogether = 10;

/**
 * Of the reporting devices without a pin, how many have downloaded what their application runs. Few devices report
 * at all: it comes to one in five of the damaged ones, as on the real night.
 */
const updatedShare = 0.45;

const writeReports = `
UPDATE public.device AS device SET
  is_online = report.is_online,
  last_connectivity_event = public.story_now(),
  ip_address = report.ip_address,
  is_running__release = CASE WHEN report.has_updated THEN application.should_be_running__release
    ELSE device.is_running__release END
FROM jsonb_to_recordset($1) AS report (uuid uuid, is_online boolean, ip_address inet, has_updated boolean),
  public.application AS application
WHERE device.uuid = report.uuid AND application.id = device.belongs_to__application`;

/**
 * What the devices themselves report. A report is a fact, even where the device runs the wrong release because
 * of the incident, so reports reach both worlds alike.
 */
export function agents(cast: Cast, random: Random): Step[] {
  const unpinned = new Set([...cast.damaged, ...cast.bystanders]);
  return [
    ...flushes(cast.window.reporting, afterRollback, unpinned, random),
    ...flushes(cast.since.reporting, since, unpinned, random),
  ];
}

function flushes(
  devices: readonly Device[],
  span: Span,
  unpinned: ReadonlySet<Device>,
  random: Random,
): Step[] {
  const count = Math.ceil(devices.length / reportsTogether);
  return Array.from({ length: count }, (_, index) => {
    const reports = devices
      .slice(index * reportsTogether, (index + 1) * reportsTogether)
      .map((device) => createReport(device, unpinned.has(device) && random.chance(updatedShare), random));
    return byPeople(random.between(span.from, span.to), {
      sql: writeReports,
      values: [JSON.stringify(reports)],
    });
  });
}

function createReport({ uuid }: Device, hasUpdated: boolean, random: Random) {
  return { uuid, is_online: random.chance(0.9), ip_address: address(random), has_updated: hasUpdated };
}
