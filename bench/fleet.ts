import pg from "pg";
import type { Server } from "../sample-data/server/start-server.js";

/** Three databases with one table of 13 columns, about 190 bytes a row; a part of the rows differs. */
export interface Fleet {
  readonly pre: string;
  readonly post: string;
  readonly current: string;
}

export type KeyKind = "integer" | "uuid" | "text";

export interface FleetOrder {
  readonly rows: number;
  readonly key: KeyKind;
  /** Every so-manieth row is damaged; 0: none. */
  readonly oneIn: number;
}

export const keyColumns: Readonly<Record<KeyKind, string>> = {
  integer: "id",
  uuid: "uuid",
  text: "device_name, os_version",
};

const columns = `id bigint NOT NULL, uuid uuid NOT NULL, device_name text NOT NULL, application bigint NOT NULL,
  is_pinned_on__release bigint, is_running__release bigint, is_online boolean NOT NULL, ip_address inet,
  os_version text NOT NULL, latitude numeric(9,6), note text, created_at timestamptz NOT NULL, modified_at timestamptz NOT NULL`;

const fill = `INSERT INTO public.device SELECT n, md5(n::text)::uuid, 'device ' || n, n % 40, n % 323, n % 322, n % 3 = 0,
  '10.0.0.0'::inet + n, 'OS 2.' || n % 90 || '.0', (n % 180000000) / 1000000.0, repeat('note ', (n % 5)::int),
  '2019-01-01Z'::timestamptz + n * interval '1 second', '2019-09-01Z'::timestamptz + n * interval '1 millisecond'
  FROM generate_series(1, $1::bigint) AS n`;

/** Builds them, the copies physically; the rows are damaged in `post` and `current`. */
export async function buildFleet(server: Server, { rows, key, oneIn }: FleetOrder): Promise<Fleet> {
  const name = (role: string) => `fleet_${role}`;
  const admin = server.url("postgres");
  await run(admin, `CREATE DATABASE ${name("pre")} TEMPLATE template0`);
  await run(
    server.url(name("pre")),
    `CREATE TABLE public.device (${columns}, PRIMARY KEY (${keyColumns[key]}))`,
  );
  await run(server.url(name("pre")), fill, [rows]);
  await run(server.url(name("pre")), "VACUUM ANALYZE public.device");
  await run(admin, `CREATE DATABASE ${name("post")} TEMPLATE ${name("pre")}`);
  if (oneIn > 0) {
    const damage = "UPDATE public.device SET is_pinned_on__release = NULL WHERE id % $1 = 0";
    await run(server.url(name("post")), damage, [oneIn]);
  }
  await run(admin, `CREATE DATABASE ${name("current")} TEMPLATE ${name("post")}`);
  return {
    pre: server.url(name("pre")),
    post: server.url(name("post")),
    current: server.url(name("current")),
  };
}

export async function dropFleet(server: Server): Promise<void> {
  for (const role of ["pre", "post", "current"]) {
    await run(server.url("postgres"), `DROP DATABASE IF EXISTS fleet_${role}`);
  }
}

async function run(url: string, sql: string, values: readonly unknown[] = []): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql, [...values]);
  } finally {
    await client.end();
  }
}
