import { forge } from "./forge.js";
import { shop } from "./shop.js";
import type { LargeSchema } from "./table.js";
import { tracker } from "./tracker.js";

/** By name: a schema for a seed, with so many rows in an ordinary table (a multiple of five). */
export const largeSchemas: Readonly<Record<string, (seed: string, rows: number) => LargeSchema>> = {
  forge,
  shop,
  tracker,
};
