import type { LogProblemKind, PostLogFacts } from "../../model/post-log.js";

const words: Readonly<Record<LogProblemKind, string>> = {
  missing: "speak of rows that neither pre nor the log has: they are not replayed",
  exists: "insert rows that are there already, with other values: they are not replayed",
  contradiction: "found other values than the log says were there: they are replayed",
  orphan: "left rows that refer to what neither pre nor the log has: these rows are not replayed",
};

/** What a reader of the plan must know of its log. */
export function logWarnings({ name, ignored, problems }: PostLogFacts): readonly string[] {
  const told = (Object.keys(words) as LogProblemKind[]).flatMap((kind) =>
    problems[kind] === 0
      ? []
      : [`${name}: ${problems[kind]} of its actions ${words[kind]} (log-problems.jsonl)`],
  );
  const passedOver =
    ignored === 0
      ? []
      : [`${name}: ${ignored} actions are about tables that are not compared: they are passed over`];
  return [...told, ...passedOver];
}
