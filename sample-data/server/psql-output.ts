/** What psql prints by default, so that nobody needs to know whether it was psql. */

export interface SqlFileResult {
  /** psql's: 0 done, 1 it could not run at all, 2 the connection, 3 the file had an error. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Column {
  readonly name: string;
  readonly dataTypeID: number;
}

type Cells = readonly (string | null)[];

/** bigint, smallint, integer, oid, xid, cid, real, double precision, money, numeric */
const ALIGNED_RIGHT = new Set([20, 21, 23, 26, 28, 29, 700, 701, 790, 1700]);

/** Not done: values of several lines, and letters wider or narrower than one column. */
export function table(columns: readonly Column[], rows: readonly Cells[]): string {
  const widths = columns.map(({ name }, at) =>
    Math.max(name.length, ...rows.map((row) => (row[at] ?? "").length)),
  );
  const width = (at: number) => widths[at] ?? 0;
  const head = columns.map(({ name }, at) => ` ${centred(name, width(at))} `).join("|");
  const line = widths.map((wide) => "-".repeat(wide + 2)).join("+");
  const body = rows.map((row) =>
    columns.map(({ dataTypeID }, at) => ` ${aligned(row[at] ?? "", width(at), dataTypeID)} `).join("|"),
  );
  const count = `(${rows.length} ${rows.length === 1 ? "row" : "rows"})`;
  return [head, line, ...body.map((text) => text.trimEnd()), count, "", ""].join("\n");
}

function centred(name: string, width: number): string {
  return name.padStart(name.length + Math.floor((width - name.length) / 2)).padEnd(width);
}

function aligned(value: string, width: number, dataTypeID: number): string {
  return ALIGNED_RIGHT.has(dataTypeID) ? value.padStart(width) : value.padEnd(width);
}

export interface ServerMessage {
  readonly severity?: string | undefined;
  readonly message?: string | undefined;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  readonly where?: string | undefined;
}

/** A notice says no context, as in psql. Not done: `LINE 1:` and the caret below it. */
export function messageText({
  severity = "ERROR",
  message = "",
  detail,
  hint,
  where,
}: ServerMessage): string {
  const context = severity === "ERROR" ? where : undefined;
  const more = Object.entries({ DETAIL: detail, HINT: hint, CONTEXT: context });
  const lines = more.flatMap(([title, text]) => (text === undefined ? [] : [`${title}:  ${text}`]));
  return [`${severity}:  ${message}`, ...lines, ""].join("\n");
}
