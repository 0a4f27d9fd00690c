import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

export interface BusyWriter {
  /** @returns how long each update took, in milliseconds */
  stop(): Promise<number[]>;
}

/** Writes to the fleet, one update after the other, of rows all over the table, until it is stopped. */
export async function startBusyWriter(url: string, rows: number): Promise<BusyWriter> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const waits: number[] = [];
  let over = false;
  const writing = (async () => {
    for (let n = 1; !over; n += 7919) {
      const started = performance.now();
      await client.query("UPDATE public.device SET note = 'seen' WHERE id = $1", [1 + (n % rows)]);
      waits.push(performance.now() - started);
      await sleep(2);
    }
    await client.end();
  })();
  return {
    stop: async () => {
      over = true;
      await writing;
      return waits;
    },
  };
}
