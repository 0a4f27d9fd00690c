/** Variables that pgmend reads, for `--help` and docs/cli.md. A flag wins over its variable, a variable over the config. */
export const environment: Readonly<Record<string, string>> = {
  PGMEND_PRE: "the database from before the incident, like --pre",
  PGMEND_POST: "the database from after it, like --post",
  PGMEND_CURRENT: "the live database, like --current",
  PGPASSWORD: "the password, where the URL has none",
  PGPASSFILE: "the file of passwords (default: ~/.pgpass)",
  NO_COLOR: "set to anything: no colours",
  TERM: "dumb: no colours",
  USER: "who decides, where --by is not given and the operating system has no name for the user",
};
