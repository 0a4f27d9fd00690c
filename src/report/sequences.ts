import type { SequenceMove } from "../model/sequence.js";

/** `public.device_id_seq from 12 to 40 (public.device.id)` */
export function describeMove({ sequence, columns, from, to }: SequenceMove): string {
  const feeds = columns.length === 0 ? "" : ` (${columns.join(", ")})`;
  return `${sequence} from ${from} to ${to}${feeds}`;
}
