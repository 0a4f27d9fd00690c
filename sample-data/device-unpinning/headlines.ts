import type { Headline } from "../headlines.js";
import { at } from "./moments.js";

export const headlines: readonly Headline[] = [
  { at: at("22:12"), text: "a migration starts: batch by batch it pins every device to the release it runs" },
  { at: at("22:14"), text: "all devices are pinned; an operator sees that this is wrong" },
  { at: at("22:16"), text: "an overly aggressive rollback unpins every device" },
  { at: at("22:18"), text: "no device is pinned; people and agents carry on" },
  { at: at("22:20"), text: "first alerts of high load" },
  { at: at("22:40"), text: "the snapshot post; ordinary life goes on" },
  { at: at("00:42"), text: "the load is understood: devices have lost their pins" },
];
