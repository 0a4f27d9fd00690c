import type pg from "pg";
import { ConnectionError } from "../../model/errors.js";
import { surviveLongValues } from "./long-values.js";
import { passwordFromFile } from "./password-file.js";

/** Values travel as PostgreSQL prints them: no type is ever decoded (pitfalls 8, 16, 17, 18). */
export const asText = { getTypeParser: () => (value: unknown) => value } as unknown as pg.CustomTypesConfig;

/**
 * @param name what the server knows us by, after `pgmend `
 * @param pipeline whether a query is sent before the one before it is answered
 * @throws ConnectionError when the URL is none
 */
export async function createClient(
  role: string,
  url: string,
  name: string = role,
  pipeline = false,
): Promise<pg.Client> {
  // Loaded with the first connection: deciding needs none for the most part.
  const { default: postgres } = await import("pg");
  try {
    const client = new postgres.Client({
      connectionString: url,
      application_name: `pgmend ${name}`,
      connectionTimeoutMillis: 15_000,
      keepAlive: true,
      pipeline,
    });
    surviveLongValues(client);
    client.password ??= passwordFromFile(client);
    // A connection that breaks between two queries is reported by the next query; without this it would end us.
    client.on("error", () => undefined);
    return client;
  } catch (cause) {
    const { code, path } = cause as NodeJS.ErrnoException;
    if (code !== undefined && path !== undefined) {
      const hint = "check sslrootcert, sslcert and sslkey in the URL";
      throw new ConnectionError(role, `${role}: ${path} cannot be read`, { hint, cause });
    }
    throw new ConnectionError(role, `${role}: this is not a PostgreSQL connection URL`, {
      hint: "expected postgresql://user@host:5432/database",
      cause,
    });
  }
}
