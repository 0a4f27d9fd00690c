import { join } from "node:path";
import { withServer } from "../long-runs.js";
import { largeSchemas } from "./all.js";
import { playSchema } from "./run.js";

/** @returns whether every large schema was recovered exactly, in both modes */
export function fuzzSchemas(
  runs: number,
  seed: number,
  rows: number,
  say: (text: string) => void,
): Promise<boolean> {
  return withServer(async (server, folder) => {
    const bench = {
      admin: server.url("postgres"),
      url: (name: string) => server.url(`large_${name}`),
      folder: join(folder, "plan"),
    };
    let failures = 0;
    for (let n = seed; n < seed + runs; n += 1) {
      for (const [name, draw] of Object.entries(largeSchemas)) {
        const schema = draw(String(n), rows);
        const outcomes = await playSchema(bench, schema, String(n)).catch((error: unknown) => [
          { complaints: [String(error)], changes: 0 },
        ]);
        const complaints = outcomes.flatMap((outcome) => outcome.complaints);
        if (complaints.length > 0) failures += 1;
        const changes = outcomes.map((outcome) => outcome.changes).join(" and ");
        say(
          `${name}, seed ${n}: ${schema.tables.length} tables, ${changes} changed rows, ${complaints.length} differences`,
        );
        for (const complaint of complaints.slice(0, 5)) say(`  ${complaint.slice(0, 1000)}`);
      }
    }
    say(`${runs * Object.keys(largeSchemas).length - failures} passed, ${failures} failed`);
    return failures === 0;
  });
}
