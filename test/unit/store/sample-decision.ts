import type { Decision } from "../../../src/model/decision.js";

/** Somebody decided that a device keeps its release. */
export function decided(id: number, parts: Partial<Decision> = {}): Decision {
  return {
    conflict: `conflict-${id}`,
    table: "public.device",
    key: { id: String(id) },
    kind: "update/update",
    resolution: "current",
    reason: undefined,
    by: "ann",
    at: "2024-03-02T04:00:00.000Z",
    fingerprint: `f${id}`,
    ...parts,
  };
}
