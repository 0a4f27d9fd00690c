import type { Span } from "../moments.js";
import { portion } from "../portion.js";
import type { Random } from "../random.js";
import { since, window } from "./moments.js";
import * as names from "./names.js";
import * as requests from "./requests.js";
import type { Fleet } from "./rows.js";
import { byPeople, type Statement, type Step } from "./step.js";

/** Work on everything but device rows. The incident does not touch these tables, so it goes on all night. */
export function housekeeping(fleet: Fleet, scale: number, random: Random): Step[] {
  return [...work(fleet, window, scale, random), ...work(fleet, since, 3 * scale, random)];
}

/** The same before anything happened: for a span too short to build a release in. */
export function quietWork(fleet: Fleet, span: Span, scale: number, random: Random): Step[] {
  const times = timesIn(span, scale, random);
  return [...deviceDetails(fleet, times, random), ...applicationDetails(fleet, times, random)];
}

function work(fleet: Fleet, span: Span, scale: number, random: Random): Step[] {
  const times = timesIn(span, scale, random);
  return [
    ...deviceDetails(fleet, times, random),
    ...applicationDetails(fleet, times, random),
    ...releases(fleet, span, portion(6, scale), random),
  ];
}

type Times = (count: number, request: () => Statement) => Step[];

function timesIn(span: Span, scale: number, random: Random): Times {
  return (count, request) =>
    Array.from({ length: portion(count, scale) }, () =>
      byPeople(random.between(span.from, span.to), request()),
    );
}

function deviceDetails(fleet: Fleet, times: Times, random: Random): Step[] {
  const { pick } = random;
  const uuids = new Map(fleet.device.map(({ id, uuid }) => [id, uuid]));
  const uuidOf = (id: number) => uuids.get(id) ?? "";
  const anyUuid = () => pick(fleet.device).uuid;
  return [
    ...times(40, () => requests.setTag(anyUuid(), pick(names.tagKeys), pick(names.tagValues))),
    ...times(30, () =>
      requests.setVariable(anyUuid(), pick(names.variableNames), pick(names.variableValues)),
    ),
    ...times(10, () => {
      const tag = pick(fleet.device_tag);
      return requests.removeTag(uuidOf(tag.device), tag.tag_key);
    }),
    ...times(8, () => {
      const variable = pick(fleet.device_environment_variable);
      return requests.removeVariable(uuidOf(variable.device), variable.name);
    }),
  ];
}

function applicationDetails(fleet: Fleet, times: Times, random: Random): Step[] {
  const { pick } = random;
  return [
    ...times(5, () => requests.describe(pick(fleet.application).id, pick(names.notes))),
    ...times(5, () =>
      requests.tagApplication(pick(fleet.application).id, pick(names.tagKeys), pick(names.tagValues)),
    ),
  ];
}

/** A release takes a few minutes to build. */
function releases(fleet: Fleet, span: Span, count: number, random: Random): Step[] {
  return Array.from({ length: count }, () => {
    const commit = random.hex(40);
    const started = random.between(span.from, span.to - 300_000_000);
    const finished = random.between(started + 60_000_000, span.to);
    const semver = `2.${random.between(0, 1000)}.0`;
    return [
      byPeople(started, requests.startRelease(random.pick(fleet.application).id, commit, semver)),
      byPeople(finished, requests.finishRelease(commit)),
    ];
  }).flat();
}
