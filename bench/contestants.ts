import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import pg from "pg";
import type { Fleet } from "./fleet.js";

/** One way to find the rows that differ between two databases, as a shell command that prints them. */
export interface Contestant {
  readonly name: string;
  /** Run by bash; `$PGMEND_PRE` and `$PGMEND_POST` are the databases. */
  readonly command: string;
  /** How many rows it found, from what it printed: who is fast and wrong is not in the table. */
  found(printed: string): number;
  /** Makes it ready in the databases, once, not counted; answers why it cannot be run here, if so. */
  prepare?(fleet: Fleet): Promise<string | undefined>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Those that are compared with `pgmend plan`, each as fast as its manual or a careful hand makes it. */
export function rivals(fleet: Fleet): readonly Contestant[] {
  return [
    pgComparator("pg_comparator", "", fleet),
    pgComparator("pg_comparator --use-key", "--use-key", fleet),
    foreignTable,
    orderedDumps,
  ];
}

const lines = (pattern: RegExp) => (printed: string) => printed.match(pattern)?.length ?? 0;

/** The plan does more than the others: it looks rows up in the third database, merges, checks and writes the patch. */
export function plan(name: string, flags: string, out: string): Contestant {
  return {
    name,
    command: `"$NODE" dist/cli/main.js plan --out "$OUT" --overwrite --quiet --json ${flags}`,
    env: { NODE: process.execPath, OUT: out },
    found: (printed) => (JSON.parse(printed) as { totals: { incoming: number } }).totals.incoming,
  };
}

function pgComparator(name: string, flags: string, { pre, post }: Fleet): Contestant {
  const [one, other] = [new URL(pre), new URL(post)];
  const place = ({ username, host, pathname }: URL) => `${username}@${host}${pathname}`;
  return {
    name,
    command: `pg_comparator --env-pass=RIVAL_PASSWORD ${flags} '${place(one)}/public.device?id' '${place(other)}/public.device?id'`,
    env: {
      RIVAL_PASSWORD1: decodeURIComponent(one.password),
      RIVAL_PASSWORD2: decodeURIComponent(other.password),
    },
    found: lines(/^(UPDATE|INSERT|DELETE) /gm),
    prepare: async (fleet) => {
      if (!isInstalled("pg_comparator")) return "pg_comparator is not installed";
      // Its functions in C; those in SQL need them, too.
      const refused = await both(fleet, "CREATE EXTENSION IF NOT EXISTS pgcmp");
      return refused === undefined ? undefined : `the server lacks its functions (${refused})`;
    },
  };
}

const compared =
  "id, uuid, device_name, application, is_pinned_on__release, is_running__release, is_online, ip_address, os_version, latitude, note, created_at, modified_at";
const row = (alias: string) =>
  `(${compared
    .split(", ")
    .map((column) => `${alias}.${column}`)
    .join(", ")})`;

/** Merged in key order, so that nothing is kept on disk: the planner would hash. Batches of 10 000 rows. */
const foreignTable: Contestant = {
  name: "postgres_fdw, full join",
  command: `psql -XAtq -v ON_ERROR_STOP=1 "$PGMEND_PRE" -c 'SET enable_hashjoin = off' \\
    -c 'SELECT coalesce(a.id, b.id) FROM public.device AS a FULL JOIN rival.device AS b USING (id) WHERE ROW${row("a")} IS DISTINCT FROM ROW${row("b")}'`,
  found: lines(/^\d+$/gm),
  prepare: async ({ pre, post }) => {
    if (!isInstalled("psql")) return "psql is not installed";
    const { hostname, port, pathname, username, password } = new URL(post);
    const quoted = (text: string) => `'${decodeURIComponent(text).replaceAll("'", "''")}'`;
    const refused = await run(
      pre,
      `CREATE EXTENSION IF NOT EXISTS postgres_fdw;
      DROP SERVER IF EXISTS rival CASCADE; DROP SCHEMA IF EXISTS rival CASCADE; CREATE SCHEMA rival;
      CREATE SERVER rival FOREIGN DATA WRAPPER postgres_fdw
        OPTIONS (host ${quoted(hostname)}, port ${quoted(port)}, dbname ${quoted(pathname.slice(1))}, fetch_size '10000', use_remote_estimate 'true');
      CREATE USER MAPPING FOR CURRENT_USER SERVER rival OPTIONS (user ${quoted(username)}, password ${quoted(password)});
      IMPORT FOREIGN SCHEMA public LIMIT TO (device) FROM SERVER rival INTO rival;
      ANALYZE rival.device`,
    );
    return refused === undefined ? undefined : `the server lacks postgres_fdw (${refused})`;
  },
};

/** Both dumps at once, straight into diff. */
const orderedDumps: Contestant = {
  name: "diff of ordered dumps",
  command: `dump() { psql -Xq -v ON_ERROR_STOP=1 "$1" -c 'COPY (SELECT * FROM public.device ORDER BY id) TO STDOUT'; }
    diff --speed-large-files <(dump "$PGMEND_PRE") <(dump "$PGMEND_POST") || [ $? = 1 ]`,
  found: lines(/^< /gm),
  prepare: async () => {
    const missing = ["psql", "diff"].filter((program) => !isInstalled(program));
    return missing.length === 0 ? undefined : `${missing.join(" and ")} not installed`;
  },
};

export function isInstalled(program: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Undefined, or what the server said. */
async function run(url: string, sql: string): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await client.end();
  }
}

async function both({ pre, post }: Fleet, sql: string): Promise<string | undefined> {
  return (await run(pre, sql)) ?? (await run(post, sql));
}
