/** What a long step tells while it runs; whoever started it decides how to show it. */
export type Progress =
  | { readonly kind: "step"; readonly text: string }
  /** What is to come, at the beginning of a phase that goes through tables, in the order in which they are begun. */
  | {
      readonly kind: "tables";
      readonly phase: "compare" | "merge";
      /** With how many rows, by the planner's estimate or counted; undefined where nothing is known. */
      readonly tables: readonly { readonly table: string; readonly rows: number | undefined }[];
    }
  | {
      readonly kind: "rows";
      readonly phase: "compare" | "merge" | "apply" | "rollback" | "rehearse" | "verify";
      readonly table: string;
      readonly tableNumber: number;
      readonly tables: number;
      /** Rows done so far, over all tables. */
      readonly done: number;
      /** Rows of this table done so far, where several are worked on at a time. */
      readonly tableDone?: number;
      /** Nothing more is to come of this table. */
      readonly tableEnded?: boolean;
      /** Number of the batch that was just written, where there are batches. */
      readonly batch?: number;
      /** Rows that were left so far: they have moved, or wait for one that has. */
      readonly left?: number;
      /** Rows in all, by the planner's estimate or counted; undefined where nothing is known. */
      readonly total: number | undefined;
    }
  | { readonly kind: "warning"; readonly text: string }
  /** Nothing happens until somebody or something lets it. */
  | {
      readonly kind: "wait";
      readonly text: string;
      /** Others hold locks on the rows, and we gave way. */
      readonly gaveWay?: boolean;
    };

/** Hears of a long step while it runs. It must not throw. */
export type OnProgress = (progress: Progress) => void;
