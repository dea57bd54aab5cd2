// The metrics dashboard as tests use it: how it is opened, and where its numbers stand.
import { expect, type Page } from "@playwright/test";

/** The dashboard in the dock. */
export const dashboard = (page: Page) => page.getByRole("dialog", { name: "Cache metrics" });

/** Opens the dashboard by its keys, and waits for its numbers. */
export async function openDashboard(page: Page) {
  await page.keyboard.press("Control+Shift+KeyM");
  await expect(dashboard(page).getByRole("heading", { name: "Alerts" })).toBeVisible();
}

/** Asks for the numbers now, and waits until they are there. */
export async function refresh(page: Page) {
  const answered = page.waitForResponse("**/api/fn/read_cache_numbers");
  await page.getByRole("button", { name: "Refresh" }).click();
  expect((await answered).status()).toBe(200);
}

type Title = "By layer" | "By kind of view" | "By operation" | "By hour" | "By day";

/** One number of a table. */
export function figure(page: Page, table: Title, name: string, figure: string) {
  return page.locator(`[data-table="${table}"] tr[data-name="${name}"] td[data-figure="${figure}"]`);
}

/** The numbers as the API tells them. */
export async function numbers(page: Page, query = "?timeRange=1h") {
  const answer = await page.request.get(`/studio/api/cache/metrics${query}`);
  expect(answer.status()).toBe(200);
  return answer.json();
}

/** Forgets all numbers, and from now on takes no counts from browsers: what is left is what the server counts. */
export async function countOnlyTheServer(page: Page) {
  await page.route("**/studio/api/cache/metrics", (route) =>
    route.request().method() === "POST" ? route.fulfill({ status: 202 }) : route.fallback(),
  );
  expect((await page.request.delete("/studio/api/cache/metrics")).status()).toBe(200);
}

/** One line of what a scraper gets; 0 if nothing of the kind was counted yet. */
export async function scraped(page: Page, line: string): Promise<number> {
  const text = await (await page.request.get("/metrics")).text();
  const found = text.split("\n").find((each) => each.startsWith(`${line} `));
  return found ? Number(found.slice(line.length + 1)) : 0;
}

/** Reads a table as RFC 4180 has it. */
export function parseCsv(text: string): string[][] {
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  const rows: string[][] = [[]];
  while (cell.lastIndex < text.length) {
    const match = cell.exec(text);
    if (!match) throw new Error(`no cell at the end of ${JSON.stringify(rows.at(-1))}`);
    rows.at(-1)!.push(match[1]?.replaceAll('""', '"') ?? match[2]);
    if (match[3] === "\r\n") rows.push([]);
  }
  return rows.slice(0, -1);
}
