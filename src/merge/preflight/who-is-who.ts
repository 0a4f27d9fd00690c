import type { DatabaseFacts, Finding, NewestRow } from "../../model/preflight.js";
import type { DatabaseRole } from "../../model/value.js";
import { type Evidence, rolesOf } from "./evidence.js";
import { count } from "./words.js";

/** Are the three what they are named as: of one origin, in the order of time, two at rest and one alive. */
export function whoIsWho(evidence: Evidence): readonly Finding[] {
  const roles = rolesOf(evidence);
  return [
    ...(evidence.postIsCurrent ? [postLeftOut] : []),
    ...origin(evidence, roles),
    ...lineage(evidence),
    ...order(evidence, roles),
    ...roles.filter((role) => role !== "current").flatMap((role) => atRest(role, evidence.databases[role])),
    ...alive(evidence.databases.current),
    ...roles.flatMap((role) => serverFindings(role, evidence.databases[role])),
  ];
}

const postLeftOut: Finding = {
  level: "warning",
  databases: ["post"],
  text: "is left out, or is current itself: every difference between pre and current counts as the incident's",
  hint: "give --post a copy from after the incident, so that what people did since is not taken for damage",
};

function origin({ databases }: Evidence, roles: readonly DatabaseRole[]): readonly Finding[] {
  const systems = roles.map((role) => databases[role].identity.systemIdentifier);
  if (systems.includes(undefined)) {
    const text =
      "this role may not read the system identifier: whether these are copies of one cluster is not known";
    return [
      {
        level: "note",
        databases: [],
        subject: "origin",
        text,
        hint: "GRANT EXECUTE ON FUNCTION pg_control_system() TO …",
      },
    ];
  }
  if (new Set(systems).size === 1) {
    return [
      {
        level: "ok",
        databases: [],
        subject: "origin",
        text: "all are copies of one cluster (same system identifier)",
      },
    ];
  }
  const list = roles.map((role) => `${role} ${databases[role].identity.systemIdentifier}`).join(", ");
  return [
    {
      level: "warning",
      databases: [],
      subject: "origin",
      text: `not physical copies of one cluster (system identifiers: ${list})`,
      hint: "right where one was restored with pg_restore; else check that each URL names the database you mean",
    },
  ];
}

function lineage({ byValue }: Evidence): readonly Finding[] {
  if (byValue === undefined) return [];
  const text = `rows are compared by value, which takes longer than by version: ${byValue}`;
  return [{ level: "note", databases: ["pre", "post"], subject: "lineage", text }];
}

/** Each shall be later than the one before it. In mode replay, current went on from pre. */
function order(evidence: Evidence, roles: readonly DatabaseRole[]): readonly Finding[] {
  const { databases, rows, settings } = evidence;
  const pairs: readonly (readonly [DatabaseRole, DatabaseRole])[] = roles.includes("post")
    ? [
        ["pre", "post"],
        [settings.mode === "undo" ? "post" : "pre", "current"],
      ]
    : [["pre", "current"]];
  const wrong = pairs.flatMap(([early, late]) => [
    ...replayedInOrder(early, late, databases),
    ...writtenInOrder(early, late, rows[early].newest, rows[late].newest),
  ]);
  const known = roles.flatMap((role) => {
    const newest = latest(rows[role].newest);
    return newest === undefined ? [] : [`${role} ${newest.at}`];
  });
  if (known.length === 0) {
    const text =
      "no table has a column that says when its rows were made or written, indexed or small enough to ask";
    return [
      ...wrong,
      { level: "note", databases: [], subject: "order", text: `${text}: the order in time is not proven` },
    ];
  }
  if (wrong.length > 0) return wrong;
  return [
    { level: "ok", databases: [], subject: "order", text: `newest rows are in order: ${known.join(", ")}` },
  ];
}

function replayedInOrder(
  early: DatabaseRole,
  late: DatabaseRole,
  databases: Readonly<Record<DatabaseRole, DatabaseFacts>>,
): readonly Finding[] {
  const [from, to] = [databases[early].replayedAt, databases[late].replayedAt];
  if (from === undefined || to === undefined || from <= to) return [];
  return [
    {
      level: "error",
      databases: [early, late],
      text: `${early} replayed up to ${from}, which is later than ${late} (${to})`,
      hint: `are --${early} and --${late} swapped?`,
    },
  ];
}

/**
 * Where rows are missing from the later one, the incident may have removed them; but if no table has newer rows there,
 * it is hardly the later one.
 */
function writtenInOrder(
  early: DatabaseRole,
  late: DatabaseRole,
  before: readonly NewestRow[],
  after: readonly NewestRow[],
): readonly Finding[] {
  const pairs = before.flatMap((from) => {
    const to = after.find(({ table, column }) => table === from.table && column === from.column);
    return to === undefined ? [] : [{ from, to }];
  });
  const against = pairs.find(({ from, to }) => from.at > to.at);
  if (against === undefined || pairs.some(({ from, to }) => from.at < to.at)) return [];
  const { from, to } = against;
  return [
    {
      level: "warning",
      databases: [early, late],
      text: `no table has newer rows in ${late} than in ${early}, and ${from.table}.${from.column} has older ones (${from.at} in ${early}, ${to.at} in ${late})`,
      hint: `are --${early} and --${late} swapped? It can be right where the incident removed the newest rows and nobody wrote since`,
    },
  ];
}

/** The latest over all tables. */
function latest(rows: readonly NewestRow[]): NewestRow | undefined {
  return rows.reduce<NewestRow | undefined>(
    (best, row) => (best === undefined || row.at > best.at ? row : best),
    undefined,
  );
}

function atRest(role: DatabaseRole, facts: DatabaseFacts): readonly Finding[] {
  const others = facts.otherSessions;
  return [
    ...(facts.identity.inRecovery && !facts.replayPaused
      ? [
          {
            level: "warning",
            databases: [role],
            text: "is a standby that goes on replaying: it is no fixed snapshot, and the server may cancel long reads",
            hint: "SELECT pg_wal_replay_pause() on it, or promote it",
          } as const,
        ]
      : []),
    ...(others > 0
      ? [
          {
            level: "note",
            databases: [role],
            text: `${count(others, "other session")} ${others === 1 ? "is" : "are"} connected to it; a snapshot must not change`,
            hint: "check that no application writes to it",
          } as const,
        ]
      : []),
  ];
}

function alive(current: DatabaseFacts): readonly Finding[] {
  return [
    ...(current.identity.inRecovery
      ? [
          {
            level: "warning",
            databases: ["current"],
            text: "is a standby: it can be compared, but the patch has to be run on its primary",
            hint: current.hotStandbyFeedback
              ? "name the primary before you apply"
              : "reads may be cancelled by recovery: set hot_standby_feedback, or name the primary",
          } as const,
        ]
      : []),
    ...(current.otherSessions === 0
      ? [
          {
            level: "note",
            databases: ["current"],
            text: "nobody else is connected to it",
            hint: "check that it is the live database, unless the application is stopped",
          } as const,
        ]
      : []),
  ];
}

const oldest = 13;
const newestKnown = 18;

function serverFindings(role: DatabaseRole, facts: DatabaseFacts): readonly Finding[] {
  const major = Number.parseInt(facts.identity.version, 10);
  const findings: Finding[] = [];
  if (major < oldest || major > newestKnown) {
    const text = `PostgreSQL ${facts.identity.version} is none of the versions pgmend is tested on (${oldest} to ${newestKnown})`;
    findings.push({ level: "warning", databases: [role], text, hint: "rehearse the patch on a clone" });
  }
  if (facts.encoding === "SQL_ASCII") {
    findings.push({
      level: "warning",
      databases: [role],
      text: "its encoding is SQL_ASCII: plan stops at the first text that is not UTF-8",
      hint: "leave tables with such text out with --exclude-tables",
    });
  }
  if (facts.pooled) {
    const text = "a connection pooler in session mode stands in between";
    findings.push({
      level: "note",
      databases: [role],
      text,
      hint: "a direct connection is safer for long reads",
    });
  }
  if (facts.staleCollations.length > 0) {
    findings.push({
      level: "warning",
      databases: [role],
      text: `the rules of ${count(facts.staleCollations.length, "collation")} have changed since indexes were built (${facts.staleCollations.join(", ")}): a look-up by index may miss rows`,
      hint: "REINDEX the indexes over text, then ALTER COLLATION … (or DATABASE …) REFRESH COLLATION VERSION",
    });
  }
  return findings;
}
