import type { FleetOrder } from "./fleet.js";
import { copyAll, countAll, type Floor, hashAll } from "./floor.js";

/** One line of the table: a whole `pgmend plan` against a floor that is measured in the same minute. */
export interface Case {
  readonly name: string;
  readonly fleet: FleetOrder;
  /** Undefined: the plan itself without the distance. */
  readonly floor: Floor | undefined;
  /** Times the floor, and a second for start-up. */
  readonly atMost: number;
  readonly roundTripMs?: number;
  /** Flags of the plan. The databases are copies on one server: unless it is told not to, lineage sees that. */
  readonly flags: readonly string[];
}

export function casesFor(rows: number, denseRows: number): readonly Case[] {
  const sparse = (key: FleetOrder["key"], oneIn = 1000) => ({ rows, key, oneIn });
  return [
    ...casesOfCopies(sparse),
    ...casesByValue(sparse, denseRows).map((one) => ({ ...one, flags: ["--no-lineage"] })),
  ];
}

type Sparse = (key: FleetOrder["key"], oneIn?: number) => FleetOrder;

function casesOfCopies(sparse: Sparse): readonly Case[] {
  const known = { floor: countAll, atMost: 3, flags: [] };
  return [
    { name: "copies, text key", fleet: sparse("text"), ...known },
    { name: "copies, integer key", fleet: sparse("integer"), ...known },
  ];
}

function casesByValue(sparse: Sparse, denseRows: number): readonly Omit<Case, "flags">[] {
  return [
    { name: "sparse, integer key", fleet: sparse("integer"), floor: hashAll, atMost: 1.25 },
    { name: "sparse, 20 ms away", fleet: sparse("integer"), floor: undefined, atMost: 1.5, roundTripMs: 20 },
    { name: "sparse, uuid key", fleet: sparse("uuid"), floor: hashAll, atMost: 1.6 },
    { name: "sparse, text key", fleet: sparse("text"), floor: hashAll, atMost: 1.6 },
    { name: "nothing changed", fleet: sparse("integer", 0), floor: hashAll, atMost: 1.1 },
    {
      ...{ name: "dense, integer key", floor: copyAll, atMost: 2.5 },
      fleet: { rows: denseRows, key: "integer", oneIn: 1 },
    },
  ];
}
