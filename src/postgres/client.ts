import pg from "pg";
import { ConnectionError } from "../model/errors.js";
import type { DatabaseRole } from "../model/value.js";
import { surviveLongValues } from "./long-values.js";
import { passwordFromFile } from "./password-file.js";

/** Values travel as PostgreSQL prints them: no type is ever decoded (pitfalls 8, 16, 17, 18). */
export const asText = { getTypeParser: () => (value: unknown) => value } as unknown as pg.CustomTypesConfig;

/**
 * @param name what the server knows us by, after `pgmend `
 * @throws ConnectionError when the URL is none
 */
export function createClient(role: DatabaseRole, url: string, name: string = role): pg.Client {
  try {
    const client = new pg.Client({
      connectionString: url,
      application_name: `pgmend ${name}`,
      connectionTimeoutMillis: 15_000,
      keepAlive: true,
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
