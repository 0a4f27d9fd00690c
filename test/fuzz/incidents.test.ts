import { playIncidents } from "./play-incidents.js";

playIncidents("undo");
