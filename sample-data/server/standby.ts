import pg from "pg";
import { ServerError } from "./server-error.js";
import { settingsFile } from "./settings-file.js";
import type { Site } from "./site.js";

const COPY = `
umask 077
cp -R "$1" data && rm -f data/postmaster.pid data/postmaster.opts || exit 1
`;

/** What comes through the pipe: the label of the backup, a line of our own, the settings. */
const FINISH = `
umask 077
while IFS= read -r line && [ "$line" != "-- settings" ]; do printf '%s\\n' "$line"; done >data/backup_label
cat >>data/postgresql.conf && : >data/standby.signal
`;

const APPEND = `
umask 077
cat >>data/postgresql.conf
`;

/** Who is followed. */
export interface Primary {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly dataDirectory: string;
  url(database: string): string;
}

/** A copy of the data of a server that goes on meanwhile: what \`pg_basebackup\` does, which is not among the binaries. */
export async function copyPrimary(
  { guard }: Site,
  primary: Primary,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const { host, port, user, password } = primary;
  const client = new pg.Client({ connectionString: primary.url("postgres") });
  await client.connect();
  try {
    await client.query("SELECT pg_backup_start('standby', true)");
    const copied = await guard.run(COPY, [primary.dataDirectory]);
    const { rows } = await client.query("SELECT labelfile FROM pg_backup_stop(false)");
    const follow = { primary_conninfo: `host=${host} port=${port} user=${user} password=${password}` };
    const label = (rows[0] as { readonly labelfile: string }).labelfile.trimEnd();
    const input = `${label}\n-- settings\n${settingsFile({ ...settings, ...follow })}`;
    const finished = await guard.run(FINISH, [], input);
    if (copied.exitCode === 0 && finished.exitCode === 0) return;
    throw new ServerError(
      "server-start",
      `the data could not be copied: ${copied.output}${finished.output}`,
      {
        hint: "check the space left on disk",
      },
    );
  } finally {
    await client.end();
  }
}

/** A copy of the data of a server that is stopped: as a snapshot of its storage, which goes on by itself. */
export async function copyStopped(
  { guard }: Site,
  { dataDirectory }: Pick<Primary, "dataDirectory">,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const copied = await guard.run(COPY, [dataDirectory]);
  const finished = await guard.run(APPEND, [], settingsFile(settings));
  if (copied.exitCode === 0 && finished.exitCode === 0) return;
  throw new ServerError("server-start", `the data could not be copied: ${copied.output}${finished.output}`, {
    hint: "check the space left on disk",
  });
}
