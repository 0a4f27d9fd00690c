/** Words the fleet is named with. Some carry quotes, accents and emoji: a real fleet's do. */
export const organizations = [
  "Harbour Lockers",
  "Åkerström Farming",
  "Ferryline",
  "O'Neill Signage",
  "Mirador Labs",
];
export const countries = ["SE", "GB", "CL", "DE", null];
export const people = ["ada", "bo", "chidi", "dunja", "eyvind", "fatou", "goran", "hye-jin"];
export const products = ["gateway", "kiosk", "weather-mast", "parcel-locker", "ticket-printer", "tide-gauge"];
export const deviceTypes = ["raspberrypi3", "intel-nuc", "beaglebone-black", "jetson-nano"];
export const osVersions = ["fleetOS 2.38.0+rev1", "fleetOS 2.41.1+rev2", "fleetOS 2.14.3+rev1", null];

export const adjectives = ["quiet", "brisk", "amber", "polar", "hollow", "Grüne", "tidal", "late"];
export const places = ["pier", "depot", "café", "gate 7", "lobby", "dock 'B'", "roof", "silo", "quay"];
export const notes = [
  null,
  null,
  null,
  "",
  "do not update before the harbour fair",
  'label reads "NULL"; serial worn off',
  "moved indoors\nsee ticket 4471",
  "backup SIM \\ antenna loose 🔧",
];

export const tagKeys = ["site", "customer", "rack", "installed-by", "floor"];
export const tagValues = ["north", "south", "", "O'Neill", "7b", "Åkerström", "null"];
export const variableNames = ["LOG_LEVEL", "MQTT_HOST", "INTERVAL_MS", "TZ", "FEATURES"];
export const variableValues = [
  "debug",
  "mqtt.internal:8883",
  "15000",
  "Europe/Stockholm",
  '{"beta": true}',
  "",
];
