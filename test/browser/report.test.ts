import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { PlannedRow } from "../../src/model/change.js";
import type { PlanHeader, Tally } from "../../src/model/plan.js";
import type { Table } from "../../src/model/table.js";
import { reportHtml } from "../../src/report/html/report-html.js";
import { summarize } from "../../src/report/summary.js";
import { newFolder } from "../support/folder.js";
import { headerOf, hostileTexts, inBatches, joined, rowOf, tally } from "../unit/report/plans.js";
import { device, deviceTable, tableOf } from "../unit/tables.js";
import { executable, launch } from "./chromium.js";

let browser: Browser;
let faults: string[] = [];

describe.skipIf(executable === undefined)(
  "report.html in Chromium (skipped where there is none: apt-get install chromium)",
  () => {
    beforeAll(async () => {
      browser = await launch();
    }, 60_000);
    afterAll(async () => browser?.close());
    afterEach(async () => {
      await Promise.all(browser.contexts().map((context) => context.close()));
      const found = faults;
      faults = [];
      expect(found).toEqual([]);
    });

    const conflict = rowOf({
      pre: device({ id: "1", owner: "Ada Lovelace", price: "10" }),
      post: device({ id: "1", owner: null, price: "10" }),
      current: device({ id: "1", owner: "Ada Byron", price: "10" }),
      conflict: { columns: [2], cause: "somebody wrote it since" },
    });
    const changed = (id: number, text = `lamp ${id}`): PlannedRow => {
      const [before, after] = [
        device({ id: String(id), owner: null }),
        device({ id: String(id), owner: text }),
      ];
      return {
        ...rowOf({
          pre: after,
          post: before,
          current: before,
          change: { kind: "update", before, after, columns: [2] },
        }),
        position: id,
      };
    };
    const tallies = (changes: number, conflicts = 1): readonly Tally[] => [
      tally(0, "update", "apply", { change: "update", rows: changes }),
      tally(0, "update", "conflict", { conflictKind: "update/update", rows: conflicts }),
    ];

    it("says first what matters, and asks nobody for anything", async () => {
      const page = await open([conflict, changed(2)], tallies(1));
      expect(await page.locator("h1").innerText()).toBe("Undo on fleet");
      expect(await page.locator("#h-answer").innerText()).toBe(
        "The patch mends 1 row; 1 row in conflict is open.",
      );
      expect(await page.locator(".answer dt").allInnerTexts()).toEqual([
        "What happened",
        "What the patch will do",
        "What stays open",
        "What was left out",
        "May it be applied",
      ]);
    });

    it("lists what is open first; a row opens to its versions, with what differs marked", async () => {
      const page = await open([conflict, changed(2)], tallies(1));
      expect(await page.locator(".row .badge").allInnerTexts()).toEqual(["conflict", "apply"]);
      await page.locator(".row > summary").first().click();
      await page.locator(".detail").waitFor();
      const contested = page.locator("tr.contested");
      expect(await contested.locator("td").allInnerTexts()).toEqual(["Ada Lovelace", "NULL", "Ada Byron"]);
      expect(await contested.locator("mark").allInnerTexts()).toEqual(["Ada Lovelace", "Ada Byron"]);
      expect(await page.locator(".fact dd").allInnerTexts()).toContain("somebody wrote it since");
      expect(await page.locator(".versions tbody tr").count()).toBe(2);
      await page.getByRole("button", { name: "columns are the same" }).click();
      expect(await page.locator(".versions tbody tr").count()).toBe(7);
    });

    it("shows the SQL of a row", async () => {
      const page = await open([changed(2, "it's")], tallies(1, 0));
      await page.locator(".row > summary").click();
      await page.locator(".detail").waitFor();
      expect(await page.locator("pre code").innerText()).toBe(
        "UPDATE ONLY public.device AS t\nSET owner = 'it''s'\nWHERE t.id OPERATOR(pg_catalog.=) '2'\n  AND t.owner IS NULL;\n",
      );
    });

    it("filters, sorts and turns pages", async () => {
      const rows = [conflict, ...Array.from({ length: 120 }, (_, at) => changed(at + 2))];
      const page = await open(rows, tallies(120));
      const count = page.locator(".count");
      expect(await count.innerText()).toBe("1–50 of 121 rows");
      await page.getByRole("button", { name: "last page" }).click();
      expect(await count.innerText()).toBe("101–121 of 121 rows");
      await page.getByLabel("Search").fill("lamp 77");
      await page.getByText("1–1 of 1 rows (121 in all)").waitFor();
      await page.getByLabel("Search").fill("nowhere");
      await page.getByText("No row is like that").waitFor();
      await page.getByRole("button", { name: "Reset" }).click();
      await page.getByLabel("Outcome").selectOption("conflict");
      await page.getByText("1–1 of 1 rows (121 in all)").waitFor();
    });

    it("needs no mouse", async () => {
      const page = await open([conflict, changed(2), changed(3)], tallies(2));
      await page.keyboard.press("j");
      await page.keyboard.press("j");
      await page.keyboard.press("Enter");
      expect(await page.locator(".row").nth(1).getAttribute("open")).toBe("");
      await page.keyboard.press("/");
      await page.keyboard.type("jk lamp 3");
      expect(await page.getByLabel("Search").inputValue()).toBe("jk lamp 3");
      await page.keyboard.press("Escape");
      await page.keyboard.press("r");
      await page.getByText("1–3 of 3 rows").waitFor();
      await page.keyboard.press("?");
      expect(await page.getByRole("dialog", { name: "Keys" }).isVisible()).toBe(true);
    });

    it("draws time where rows tell it, with the same as a table", async () => {
      const at = (id: number) => `2024-03-01 03:${String(id).padStart(2, "0")}:00+00`;
      const rows = Array.from({ length: 20 }, (_, id) =>
        rowOf({
          pre: device({ id: String(id) }),
          post: device({ id: String(id), updated_at: at(id) }),
          outcome: "kept",
        }),
      );
      const page = await open(rows, [tally(0, "update", "kept", { rows: 20 })]);
      expect(
        await page.getByRole("img", { name: /^Columns of rows written from 2024-03-01 03:00/ }).isVisible(),
      ).toBe(true);
      await page.getByText("The same as a table").click();
      expect(await page.locator("#timeline tbody tr").count()).toBe(20);
    });

    it("is there in the dark, on a narrow screen and on paper", async () => {
      const page = await open([conflict, changed(2)], tallies(1), {
        colorScheme: "dark",
        viewport: { width: 400, height: 800 },
      });
      expect(await page.evaluate("getComputedStyle(document.documentElement).backgroundColor")).toBe(
        "rgb(20, 23, 26)",
      );
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(400);
      await page.emulateMedia({ media: "print" });
      await page.evaluate("dispatchEvent(new Event('beforeprint'))");
      expect(await page.locator("tr.contested").isVisible()).toBe(true);
      expect(await page.locator(".toolbar").isVisible()).toBe(false);
      expect((await page.pdf()).length).toBeGreaterThan(1000);
    });

    it("can be read without scripts, rows aside", async () => {
      const page = await open([conflict], tallies(0), { javaScriptEnabled: false });
      expect(await page.locator("#h-answer").isVisible()).toBe(true);
      expect(await page.locator("noscript").innerText()).toContain("changes.jsonl");
    });

    it("says so when there is nothing", async () => {
      const page = await open([], []);
      expect(await page.locator("#h-answer").innerText()).toBe("There is nothing to mend.");
      expect(await page.locator(".empty").innerText()).toContain("pre and post are the same");
    });

    it("hostile names and values are text, wherever they stand", async () => {
      const texts = [
        ...hostileTexts,
        "\u2028</script><script>document.title='owned'</script>",
        "x".repeat(1_000_000),
      ];
      const tables = texts.map((text) => {
        const quoted = `"${text.slice(0, 60).replaceAll('"', '""')}"`;
        return tableOf(text, ["id", text.slice(0, 60)], { label: `${quoted}.${quoted}` });
      });
      const rows = texts.flatMap((text, at) => {
        const table = tables[at] as Table;
        const versions = { table, pre: ["1", text], post: ["1", null], current: ["1", `${text}.`] };
        const change = { kind: "update", before: ["1", null], after: ["1", text], columns: [1] } as const;
        return [
          rowOf({
            ...versions,
            conflict: { columns: [1], reason: text, cause: text, resolution: "current" },
          }),
          rowOf({ ...versions, change }),
        ].map((row) => ({ ...row, table: at }));
      });
      const database = texts.join(" ").slice(0, 1000);
      const connection = { ...headerOf().connections.pre, database, server: database };
      const connections = { pre: connection, post: connection, current: connection };
      const counted = tables.flatMap((_, at) => tallies(1).map((one) => ({ ...one, table: at })));
      const page = await open(rows, counted, {}, { tables, warnings: texts.slice(0, -1), connections });
      expect(await page.locator(".row").count()).toBe(50);
      await page.evaluate("document.querySelectorAll('.row').forEach((row) => { row.open = true; })");
      await page.locator(".detail").nth(49).waitFor();
      expect(await page.locator("main :is(script, img, b, td td, [onmouseover], [style])").count()).toBe(0);
      expect(await page.title()).toMatch(/^Undo on /);
    });

    /** Opens the page from disk. Whatever it logs, asks for or throws is a fault. */
    async function open(
      rows: readonly PlannedRow[],
      counted: readonly Tally[],
      options: BrowserContextOptions = {},
      more: Partial<PlanHeader> = {},
    ): Promise<Page> {
      const header = headerOf({ tables: [deviceTable], ...more });
      const file = join(newFolder(), "report.html");
      writeFileSync(file, await joined(reportHtml(header, summarize(header, counted), inBatches(...rows))));
      const page = await browser.newPage(options);
      page.on("console", (message) => faults.push(message.text()));
      page.on("pageerror", (error) => faults.push(error.message));
      page.on("dialog", (dialog) => faults.push(dialog.message()));
      page.on(
        "request",
        (request) => request.url() === pathToFileURL(file).href || faults.push(request.url()),
      );
      await page.goto(pathToFileURL(file).href);
      if (options.javaScriptEnabled !== false) await page.waitForSelector("html[data-ready]");
      return page;
    }
  },
);
