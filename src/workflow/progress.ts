/** What a long step tells while it runs; whoever started it decides how to show it. */
export type Progress =
  | { readonly kind: "step"; readonly text: string }
  | {
      readonly kind: "rows";
      /** "compare" or "merge". */
      readonly phase: "compare" | "merge";
      readonly table: string;
      readonly tableNumber: number;
      readonly tables: number;
      /** Rows done so far, over all tables. */
      readonly done: number;
      /** Rows in all, by the planner's estimate or counted; undefined where nothing is known. */
      readonly total: number | undefined;
    }
  | { readonly kind: "warning"; readonly text: string };

export type OnProgress = (progress: Progress) => void;
