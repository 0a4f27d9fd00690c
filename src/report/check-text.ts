import { bytesText } from "../model/bytes.js";
import type { Finding, FindingLevel } from "../model/preflight.js";
import { databaseRoles } from "../model/value.js";
import { visible } from "../model/visible.js";
import type { CheckedConnection, CheckedTable, CheckSummary } from "./check-summary.js";
import { number, plural } from "./text.js";
import { wrap } from "./wrap.js";

const width = 80;

/** The preflight for a terminal of 80 columns: problems first, the largest tables last. */
export function checkText(summary: CheckSummary): string {
  const lines = [
    ...databaseRoles.flatMap((role) => connectionLines(role, summary.connections[role])),
    "",
    verdict(summary),
    "",
    ...summary.findings.flatMap(findingLines),
    "",
    ...wrap(workText(summary), width),
    ...tableLines(summary.tables),
  ];
  return `${lines.join("\n")}\n`;
}

const indent = 9;

function connectionLines(role: string, connection: CheckedConnection | null): readonly string[] {
  const head = role.padEnd(indent);
  if (connection === null) return [`${head}(left out: current is read in its place)`];
  const { database, server, user, version, newestRow } = connection;
  const standby = connection.inRecovery
    ? `standby, replayed up to ${connection.replayedAt ?? "an unknown time"}`
    : "primary";
  const facts = [
    `PostgreSQL ${version}`,
    standby,
    `timeline ${connection.timeline ?? "unknown"}`,
    `LSN ${connection.lsn ?? "unknown"}`,
    `cluster ${connection.systemIdentifier ?? "unknown"}`,
    `${connection.encoding}, ${connection.collation}`,
    newestRow === null
      ? "newest row unknown"
      : `newest row ${newestRow.at} (${newestRow.table}.${newestRow.column})`,
  ];
  const rest = " ".repeat(indent);
  return [
    ...wrap(visible(`${database} on ${server}, as ${user}`), width, head, rest),
    ...wrap(visible(facts.join(", ")), width, rest),
  ];
}

function verdict({ ready, errors, warnings, open }: CheckSummary): string {
  const counts = `${number(errors)} ${plural(errors, "error")}, ${number(warnings)} ${plural(warnings, "warning")}`;
  if (!ready) return `NOT READY: ${counts}.`;
  if (open === 0) return `Ready to plan: ${counts}.`;
  return `Ready to plan, but ${number(open)} ${plural(open, "table")} would stay open: ${counts}.`;
}

const levelNames: Readonly<Record<FindingLevel, string>> = {
  error: "ERROR",
  warning: "warning",
  note: "note",
  ok: "ok",
};

function findingLines({ level, databases, subject, text, hint }: Finding): readonly string[] {
  const about = [databases.join(", "), subject ?? ""].filter((part) => part !== "").join(": ");
  const rest = " ".repeat(indent);
  return [
    ...wrap(visible(`${about}: ${text}`), width, levelNames[level].padEnd(indent), rest),
    ...(hint === undefined ? [] : wrap(visible(hint), width, `${rest}-> `, `${rest}   `)),
  ];
}

function workText({ work, open }: CheckSummary): string {
  const rows = work.rows === null ? "" : `, about ${number(work.rows)} rows`;
  const temporary =
    work.temporaryBytes > 1024 ** 3
      ? ` Sorting by text keys takes up to ${bytesText(work.temporaryBytes)} of temporary files on pre and post.`
      : "";
  const left = open === 0 ? "" : ` ${number(open)} ${open === 1 ? "is" : "are"} not compared whole.`;
  return (
    `${number(work.tables)} ${plural(work.tables, "table")} (${bytesText(work.bytes)}${rows}): at most about ` +
    `${duration(work.seconds)} to compare on a fast network.${left}${temporary} ` +
    "The recovery folder grows with what differs, not with the tables."
  );
}

function duration(seconds: number): string {
  if (seconds < 120) return `${number(seconds)} s`;
  if (seconds < 7200) return `${number(Math.round(seconds / 60))} min`;
  return `${number(Math.round(seconds / 3600))} h`;
}

const shownTables = 12;

function tableLines(tables: readonly CheckedTable[]): readonly string[] {
  if (tables.length === 0) return [];
  const largest = tables.toSorted((a, b) => b.bytes - a.bytes).slice(0, shownTables);
  const others = tables.length - largest.length;
  const cells = largest.map(({ table, rows, bytes, key, keySource }) => [
    visible(table),
    rows === null ? "?" : number(rows),
    bytesText(bytes),
    keySource === "bag" ? "none: rows are counted" : visible(key.join(", ")),
  ]);
  return [
    "",
    ...grid([["table", "rows", "size", "key"], ...cells]),
    ...(others > 0 ? [`  and ${number(others)} smaller ${plural(others, "table")} (--json lists all)`] : []),
  ];
}

/** Names may be as long as they like; then the line is cut, as `--json` has them whole. */
function grid(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = [0, 1, 2].map((at) => Math.max(...rows.map((row) => (row[at] ?? "").length)));
  return rows.map(([table = "", count = "", size = "", key = ""]) => {
    const [name, counted, sized] = widths as [number, number, number];
    const left = `  ${table.padEnd(Math.min(name, 36))}  ${count.padStart(counted)}  ${size.padStart(sized)}`;
    const line = `${left}  ${key}`.trimEnd();
    return line.length > width ? `${line.slice(0, width - 1)}…` : line;
  });
}
