import { blocks, type PageEnd, type PagePlan, type PageRow } from "../src/report/html/page-data.js";

/** What the document holds, block by block; each is parsed when it is asked for, and then let go of. */
export function* rowBlocks(page: ParentNode): Generator<readonly PageRow[]> {
  for (const block of page.querySelectorAll(`script.${blocks.rows}`)) {
    yield JSON.parse(block.textContent ?? "[]") as readonly PageRow[];
    block.remove();
  }
}

export function readPlan(page: ParentNode): PagePlan {
  return read(page, blocks.plan) as PagePlan;
}

export function readEnd(page: ParentNode): PageEnd {
  return read(page, blocks.end) as PageEnd;
}

function read(page: ParentNode, name: string): unknown {
  return JSON.parse(page.querySelector(`script.${name}`)?.textContent ?? "null");
}
