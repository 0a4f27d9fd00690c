import type { Size } from "./state.js";

/** Lines around a screen: title, path, rule, message, and the two of the footer. */
const frameHeight = 6;

/** Lines a screen has for its own. One line of the terminal stays free: a full one scrolls when it is drawn. */
export const bodyHeight = ({ rows }: Size): number => Math.max(3, rows - 1 - frameHeight);

/** Lines of these screens that are not their list. */
export const overviewMargin = 7;
export const groupsMargin = 6;
export const rowsMargin = 2;
export const helpMargin = 4;
/** Outcomes now and then, headings, and what is said of the one that is selected. */
export const signaturesMargin = 11;
/** What they have in common, and the headings. */
export const signatureRowsMargin = 4;
/** What came out, headings, and what is said of the one that is selected. */
export const timelineMargin = 11;
/** Why it is in conflict, what was decided, and the headings. */
export const rowMargin = 6;
/** What is signed, by whom it was before, and the headings. */
export const approveMargin = 5;

/** From here on, the versions of a row stand side by side; below, one under the other. */
export const wideRow = 110;
/** Lines of one column where they stand one under the other. */
export const stackedLines = 5;
