import type { Mistake } from "../../src/index.js";

type Path = readonly (string | number)[];
type Settings = Readonly<Record<string, unknown>>;

/** Of these a profile may give a part; of all others its word stands in the place of the config's. */
const merged = ["connections", "keys", "touch", "groups", "guard", "tenant"];

export interface Profiled {
  /** Without `profiles`. */
  readonly settings: Settings;
  readonly mistakes: readonly Mistake[];
  /** Where in the file a setting comes from. */
  origin(path: Path): Path;
}

/** The settings of a file with one of its profiles laid over them. */
export function withProfile(given: Settings, profile: string | undefined, name: string): Profiled {
  const { profiles = {}, ...base } = given;
  const none = { settings: base, mistakes: [], origin: (path: Path) => path };
  if (profile === undefined) return none;
  const known = Object.keys(Object(profiles));
  const chosen = Object.hasOwn(Object(profiles), profile) ? (profiles as Settings)[profile] : undefined;
  if (chosen === undefined) {
    const others = known.length === 0 ? "it has none" : `known are ${known.join(", ")}`;
    const what = `there is no profile "${profile}" in ${name}; ${others}`;
    return { ...none, mistakes: [{ where: "--profile", what }] };
  }
  const over = isMap(chosen) ? chosen : {};
  return {
    settings: {
      ...base,
      ...Object.fromEntries(Object.entries(over).map(([key, value]) => [key, lay(base, key, value)])),
    },
    mistakes: [],
    origin: (path) => (isFrom(over, path) ? ["profiles", profile, ...path] : path),
  };
}

function lay(base: Settings, key: string, value: unknown): unknown {
  const below = base[key];
  return merged.includes(key) && isMap(value) && isMap(below) ? { ...below, ...value } : value;
}

function isFrom(over: Settings, [first, second]: Path): boolean {
  if (first === undefined || !Object.hasOwn(over, first)) return false;
  const value = over[first];
  if (!merged.includes(String(first)) || !isMap(value) || second === undefined) return true;
  return Object.hasOwn(value, second);
}

function isMap(value: unknown): value is Settings {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
