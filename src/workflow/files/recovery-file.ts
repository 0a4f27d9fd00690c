/** Text as it comes, a chunk at a time; nothing holds all of it. */
export type TextChunks = Iterable<string> | AsyncIterable<string>;

/** One file of the recovery folder. */
export interface RecoveryFile {
  /** With the folder that it is in: `tenants/index.csv`. */
  readonly name: string;
  readonly text: TextChunks;
}
