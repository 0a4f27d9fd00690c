import type { DatabaseFacts, Publication, TableFacts } from "../../model/preflight.js";
import { qualified } from "../../sql/quote.js";
import { type Entry, readObjects, text } from "../catalog/read-objects.js";
import { readIdentity } from "../session/identity.js";
import type { Session } from "../session/session.js";
import {
  lockedSequencesQuery,
  publicationsQuery,
  serverQuery,
  staleCollationsQuery,
  tableFactsQuery,
} from "./preflight-queries.js";

/**
 * What a server and a database say of themselves, in seven queries, however many tables there are.
 *
 * @throws QueryError
 */
export async function readFacts(session: Session): Promise<DatabaseFacts> {
  const identity = await readIdentity(session);
  const [version] = await session.query("SELECT pg_catalog.current_setting('server_version_num')");
  const [server = {}] = await readObjects(session, serverQuery(Number(version?.[0])));
  const stale = await readObjects(session, staleCollationsQuery);
  const tables = await readObjects(session, tableFactsQuery);
  const published = await readObjects(session, publicationsQuery);
  const locked = await readObjects(session, lockedSequencesQuery);
  return {
    identity,
    ...serverFacts(server),
    staleCollations: [...textOf(server, "stale_default"), ...stale.map((entry) => text(entry, "name"))],
    pooled: session.pooled,
    tables: new Map(tables.map((table) => [labelOf(table, "name"), toTableFacts(table)])),
    publications: toPublications(published),
    lockedSequences: locked.map((entry) => labelOf(entry, "name")),
  };
}

function serverFacts(server: Entry) {
  const maybe = (name: string) => textOf(server, name)[0];
  return {
    timeline: maybe("timeline"),
    lsn: maybe("lsn"),
    replayedAt: maybe("replayed_at"),
    replayPaused: server["replay_paused"] === true,
    encoding: text(server, "encoding"),
    collation: text(server, "collation"),
    user: text(server, "user"),
    mayMakeTemporaryTables: server["may_make_temp"] === true,
    otherSessions: Number(server["other_sessions"]),
    hotStandbyFeedback: server["hot_standby_feedback"] === true,
    temporaryLimit: server["temporary_limit"] === null ? undefined : Number(server["temporary_limit"]),
    largeObjects: Number(server["large_objects"]),
    logicalSlots: server["logical_slots"] as readonly string[],
  };
}

/** None, or one: for what may be NULL. */
function textOf(entry: Entry, name: string): readonly string[] {
  return entry[name] === null || entry[name] === undefined ? [] : [text(entry, name)];
}

function labelOf(entry: Entry, name: string): string {
  return qualified(text(entry, "schema"), text(entry, name));
}

function toTableFacts(table: Entry): TableFacts {
  const estimate = Number(table["estimate"]);
  return {
    bytes: Number(table["bytes"]),
    toastBytes: Number(table["toast_bytes"]),
    estimatedRows: estimate < 0 ? undefined : estimate,
    unlogged: table["unlogged"] === true,
    rowSecurity: table["row_security"] === true,
    mayInsert: table["may_insert"] === true,
    mayUpdate: table["may_update"] === true,
    mayDelete: table["may_delete"] === true,
    isOwner: table["is_owner"] === true,
    hasReplicaIdentity: table["has_replica_identity"] === true,
    timeColumns: table["time_columns"] as readonly string[],
  };
}

function toPublications(published: readonly Entry[]): readonly Publication[] {
  const names = [...new Set(published.map((entry) => text(entry, "publication")))];
  return names.map((name) => {
    const mine = published.filter((entry) => text(entry, "publication") === name);
    return {
      name,
      tables: mine.map((entry) => labelOf(entry, "table")),
      tellsChanges: mine.some((entry) => entry["tells_changes"] === true),
    };
  });
}
