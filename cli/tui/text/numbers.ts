import { number } from "../../../src/index.js";

/** A time in seconds, as people say it: `4 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** A bar of so many columns, readable without colour. */
export function bar(share: number, columns: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * columns);
  return `${"█".repeat(full)}${"░".repeat(columns - full)}`;
}

export const percent = (share: number): string => `${Math.floor(Math.min(1, share) * 100)} %`;

/** Nothing is a dot: zeros in a table hide the numbers that matter. */
export const count = (value: number): string => (value === 0 ? "·" : number(value));
