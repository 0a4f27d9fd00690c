import { number, plural } from "./plural.js";

/** Says so many rows of a table: `48 211 devices`, or `48 211 rows of billing.invoice`. */
export type RowsInWords = (rows: number, label: string) => string;

/**
 * Tables whose names are English nouns are spoken of as people do. Where that is not certain, the table is named: a
 * word that is mangled, or might mean another table, costs more than it saves.
 *
 * @param labels of all tables of the plan
 */
export function rowsInWords(labels: readonly string[]): RowsInWords {
  const found = new Map(labels.map((label) => [label, nounOf(label)]));
  // `device` and `devices` side by side would read alike.
  const isShared = (many: string) => [...found.values()].filter((noun) => noun?.many === many).length > 1;
  const own = new Map([...found].filter(([, noun]) => noun !== undefined && !isShared(noun.many)));
  return (rows, label) => {
    const noun = own.get(label);
    const word = rows === 1 ? noun?.one : noun?.many;
    return word === undefined
      ? `${number(rows)} ${plural(rows, "row")} of ${label}`
      : `${number(rows)} ${word}`;
  };
}

/**
 * Only in schema `public`, and of plain words that end in a noun we know: `device`, `audit_entry`, `orders`. Names are in
 * any language, and no rule tells which; so what is not known is not bent.
 */
function nounOf(label: string): { readonly one: string; readonly many: string } | undefined {
  const words = /^public\.([a-z]+(?:_[a-z]+){0,2})$/.exec(label)?.[1]?.split("_") ?? [];
  const before = words.slice(0, -1);
  const noun = nouns.get(words.at(-1) ?? "");
  if (noun === undefined || before.some((word) => word.length < 3 || noAdjuncts.has(word))) return undefined;
  const say = (word: string) => [...before, word].join(" ");
  return { one: say(noun), many: say(pluralOf(noun)) };
}

/** Before a noun they make a sentence of it, or a name that only its makers understand. */
const noAdjuncts = new Set(["has", "have", "are", "was", "for", "with", "and", "not", "tbl", "tab", "tmp"]);

/** All of them regular. */
function pluralOf(noun: string): string {
  if (/(?:[sc]h|x|s)$/.test(noun)) return `${noun}es`;
  return /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`;
}

const known = `account action activity address agent alert answer app application appointment article asset assignment
  attachment attempt attribute author badge bank batch bill board book booking box branch brand budget build camera
  campaign card cart category channel chapter charge city claim class client cluster collection column comment commit
  company component contact container contract country coupon course customer dashboard delivery department deployment
  device discount document domain draft driver edge email employee entry environment episode error event exam export
  favorite feature field file filter flag flight folder form game gateway grade grant group guest host hotel image import
  incident ingredient instance integration interaction invitation invoice issue item job journal key label language layer
  lead lesson letter level library license like link list listing loan location lock log machine manager map member
  membership merchant message metric milestone model module movie node note notification object offer office option order
  organization owner package page parameter part participant partner passenger patient payment permission phone photo
  pin place plan platform player playlist plugin point policy position post price printer product profile project
  promotion property provider province purchase question queue rate rating reaction reading receipt recipe record refund
  region registration relation release reminder reply report repository request reservation resource response result
  review reward role room route rule run sale sample schedule school score seat section segment sensor server service
  session setting shift shipment shop site size skill slot snapshot song source space stage state station status step
  store story stream student subject submission subscription supplier survey system tag target task teacher team
  template tenant test thread ticket tier title token topic tour track transaction transfer translation trigger trip
  truck type unit update upload user value variable variant vehicle vendor version video view visit visitor vote voucher
  wallet warehouse webhook widget window worker workflow workspace zone`;

/** The singular, by the word that a table may be called by: itself, or its plural. */
const nouns: ReadonlyMap<string, string> = new Map(
  known.split(/\s+/).flatMap((noun) => [
    [noun, noun],
    [pluralOf(noun), noun],
  ]),
);
