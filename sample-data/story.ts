/**
 * A sample incident whose right ending is known without any merge.
 *
 * A story is a list of steps in two worlds. Incident steps (the migration, the faulty rollback) run on the live
 * database only. People steps (ordinary life) run on the live database and on `truth`, a copy of `pre` on which
 * the incident never happens. When the story is over, `truth` is what the live database should have been, and a
 * recovered `current` has to equal it cell by cell.
 */
export interface Story {
  readonly name: string;
  readonly title: string;
  readonly mode: "undo" | "replay";
  /** `pgmend.yaml` as the person on call would have written it. */
  readonly config: string;
  play(stage: Stage): Promise<PlayedStory>;
}

/** The server a story plays on, and how large it gets. The same scale and seed give the same rows. */
export interface Stage {
  /** URL of a database on the server by name; `postgres` is the maintenance database. */
  url(database: string): string;
  /** 1 is the demo; rows and edits grow linearly with it. */
  readonly scale: number;
  readonly seed: number;
  /** Hears the turning points, such as "22:16 the rollback unpins every device". */
  readonly onStep?: (text: string) => void;
}

export interface PlayedStory {
  /** URLs of the four databases. */
  readonly pre: string;
  readonly post: string;
  readonly current: string;
  readonly truth: string;
  /** Every conflict that must be left open, and no other. In each of them current already is as it should be. */
  readonly conflicts: readonly ExpectedConflict[];
  /** Figures for the demo to tell, counted while the story was written, not read back from the databases. */
  readonly facts: Readonly<Record<string, number>>;
}

export interface ExpectedConflict {
  readonly table: string;
  readonly key: Readonly<Record<string, string>>;
  readonly kind: string;
  /** The columns both sides changed; empty where the whole row is at stake. */
  readonly columns: readonly string[];
}
