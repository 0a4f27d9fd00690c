import type { Headline } from "../headlines.js";
import { clock, day } from "../moments.js";
import { morning } from "./moments.js";

const at = clock(2024, 1, 24);

export const headlines: readonly Headline[] = [
  { at: morning.backup, text: "a full backup (pre); people go on working" },
  { at: morning.truncate, text: "a migration runs TRUNCATE TABLE content_draft CASCADE" },
  { at: morning.refillEntries, text: "it has refilled its two tables; five others are empty" },
  { at: at("07:52"), text: "strange notifications; people go on working on what is left" },
  { at: at("08:10"), text: "a critical incident is called" },
  { at: morning.maintenance, text: "maintenance: the damaged database is kept (post)" },
  { at: morning.restored, text: "back online with the backup of 04:47; people go on working on that" },
  { at: at("13:50"), text: "whoever created a workspace in the lost hours is asked to create it again" },
  { at: at("14:00") + day, text: "the next day: people can see on a page of their own what is missing" },
  { at: morning.recovery, text: "the lost hours are put back (current)" },
];
