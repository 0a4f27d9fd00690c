import type { Mistake, Rule } from "../../src/index.js";
import type { ReadConfig } from "./read-config.js";

/** The flags that say what is damage. */
export interface DamageFlags {
  readonly damage?: string;
  readonly damageSignature?: string;
  readonly damageInterval?: readonly string[];
}

const flag = "--damage-signature";

/**
 * What `--damage-signature S1,S3` says: these rows are damage. That all others are not is the default that goes with
 * it; no rule may say anything else beside it.
 */
export function signatureRules(flags: DamageFlags, file: ReadConfig, mistakes: Mistake[]): readonly Rule[] {
  const asked = flags.damageSignature;
  if (asked === undefined) return [];
  const ids = asked.split(",").map((word) => word.trim().toUpperCase());
  for (const id of ids.filter((word) => !/^S[1-9]\d{0,8}$/.test(word)))
    mistakes.push({ where: flag, what: `"${id}" is no signature; expected ids like S1,S3` });
  const others = [
    ...(flags.damage === undefined ? [] : ["--damage"]),
    ...(flags.damageInterval === undefined ? [] : ["--damage-interval"]),
    ...(file.config.damageIntervals === undefined ? [] : [file.where(["damageIntervals"])]),
    ...(file.config.damage === undefined ? [] : [file.where(["damage"])]),
    ...((file.config.rules ?? []).length === 0 ? [] : [file.where(["rules"])]),
  ];
  for (const other of others)
    mistakes.push({
      where: flag,
      what: `says what is damage, and so does ${other}; give one of them, or name signatures in a rule (match: { signatures: [S1] })`,
    });
  return [{ where: `${flag} ${asked}`, match: { signatures: ids }, is: "damage" }];
}
