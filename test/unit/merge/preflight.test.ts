import { describe, expect, it } from "vitest";
import type { Evidence } from "../../../src/merge/preflight/evidence.js";
import { findAll } from "../../../src/merge/preflight/find-all.js";
import type { DatabaseFacts, TableFacts } from "../../../src/model/preflight.js";
import { deviceTable as device } from "../tables.js";

/** What servers of these tests cannot show: other versions, other clusters, other rules of sorting. */
const facts: DatabaseFacts = {
  identity: {
    database: "fleet",
    server: "db1:5432",
    version: "16.2",
    snapshotAt: "2019-09-24T02:00:00Z",
    systemIdentifier: "1",
    inRecovery: false,
    instance: "1/2/3",
  },
  timeline: "1",
  lsn: "0/1",
  replayedAt: undefined,
  replayPaused: false,
  encoding: "UTF8",
  collation: "libc en_US.UTF-8",
  staleCollations: [],
  user: "keeper",
  mayMakeTemporaryTables: true,
  otherSessions: 0,
  hotStandbyFeedback: true,
  temporaryLimit: undefined,
  largeObjects: 0,
  logicalSlots: [],
  pooled: false,
  tables: new Map(),
  publications: [],
  lockedSequences: [],
};

const tableFacts: TableFacts = {
  bytes: 1,
  toastBytes: 0,
  estimatedRows: 1,
  unlogged: false,
  rowSecurity: false,
  mayInsert: true,
  mayUpdate: true,
  mayDelete: true,
  isOwner: true,
  hasReplicaIdentity: true,
  timeColumns: [],
};

const standby = (replayedAt: string): Partial<DatabaseFacts> => ({
  identity: { ...facts.identity, inRecovery: true },
  replayPaused: true,
  replayedAt,
});

function told(given: {
  readonly pre?: Partial<DatabaseFacts>;
  readonly post?: Partial<DatabaseFacts>;
  readonly current?: Partial<DatabaseFacts>;
  readonly evidence?: Partial<Evidence>;
}): readonly string[] {
  const none = { newest: [], wide: [], notSearched: [] };
  const empty = {
    tables: [],
    foreignKeys: [],
    constraints: { unique: [], checks: [] },
    triggers: [],
    others: [],
  };
  const tables = new Map([[device.label, tableFacts]]);
  const findings = findAll({
    settings: { mode: "undo", triggers: "fire", rules: [] },
    idle: [],
    tenant: undefined,
    postIsCurrent: false,
    catalogs: { pre: empty, post: empty, current: empty },
    aligned: { tables: [device], leftOut: [] },
    databases: {
      pre: { ...facts, tables, ...given.pre },
      post: { ...facts, tables, ...given.post },
      current: { ...facts, tables, otherSessions: 1, ...given.current },
    },
    rows: { pre: none, post: none, current: none },
    work: { tables: 1, rows: 1, bytes: 1, seconds: 1, temporaryBytes: 0 },
    ...given.evidence,
  });
  return findings
    .filter(({ level }) => level === "error" || level === "warning")
    .map(({ level, databases, subject, text }) => `${level} ${[...databases, subject].join(" ")}: ${text}`)
    .filter((text) => !text.includes("no rule says"));
}

describe("preflight", () => {
  it("has nothing to say of three alike", () => {
    expect(told({})).toEqual([]);
  });

  it.each<[string, Parameters<typeof told>[0], string]>([
    [
      "another cluster",
      { pre: { identity: { ...facts.identity, systemIdentifier: "9" } } },
      "warning origin: not physical copies of one cluster (system identifiers: pre 9, post 1, current 1)",
    ],
    [
      "pre replayed further than post",
      { pre: standby("2019-09-23T23:00:00Z"), post: standby("2019-09-23T22:00:00Z") },
      "error pre post : pre replayed up to 2019-09-23T23:00:00Z, which is later than post (2019-09-23T22:00:00Z)",
    ],
    [
      "a version nobody tried",
      { post: { identity: { ...facts.identity, version: "12.22" } } },
      "warning post : PostgreSQL 12.22 is none of the versions pgmend is tested on (13 to 18)",
    ],
    [
      "collations that changed under their indexes",
      { current: { staleCollations: ["the database's own (en_US.UTF-8)"] } },
      "warning current : the rules of 1 collation have changed since indexes were built (the database's own " +
        "(en_US.UTF-8)): a look-up by index may miss rows",
    ],
    [
      "text in no encoding",
      { pre: { encoding: "SQL_ASCII" }, post: { encoding: "SQL_ASCII" }, current: { encoding: "SQL_ASCII" } },
      "warning pre post current : its encoding is SQL_ASCII: plan stops at the first text that is not UTF-8",
    ],
    [
      "a value that is too large as text",
      {
        evidence: {
          rows: {
            pre: { newest: [], wide: [], notSearched: [] },
            current: { newest: [], wide: [], notSearched: [] },
            post: {
              newest: [],
              wide: [
                { table: "public.device", column: "photo", bytes: 300 * 1024 ** 2, printed: 600 * 1024 ** 2 },
              ],
              notSearched: [],
            },
          },
        },
      },
      "warning post public.device: a value of photo has 300 MB, 600 MB as text: too long to be read; such rows are compared by digests, and skipped where they would be written",
    ],
    [
      "too little room to sort",
      {
        post: { temporaryLimit: 1024 },
        evidence: { work: { tables: 1, rows: 1, bytes: 1, seconds: 1, temporaryBytes: 2048 } },
      },
      "warning post : a table is sorted by its text key, or by whole rows, which can take 2.0 kB of temporary files; temp_file_limit is 1.0 kB",
    ],
  ])("%s", (_, given, text) => {
    expect(told(given)).toEqual([text]);
  });
});
