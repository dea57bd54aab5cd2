// What the three layers hold, asked from outside the page or read off the debug panel.
import { expect, type Page } from "@playwright/test";

export type ServerEntry = { key: string; isFresh: boolean; ageMs: number; ttlMs: number };

/** Layer 1: the entries of the server's cache (Redis or in process) whose key begins with `prefix`. */
export async function serverEntries(page: Page, prefix: string): Promise<ServerEntry[]> {
  const answer = await page.request.get(`/studio/api/cache/keys?prefix=${encodeURIComponent(prefix)}&limit=100`);
  expect(answer.status()).toBe(200);
  return (await answer.json()).keys;
}

/** Layer 2: the text of our localStorage entry for `key`, or null. */
export function storedText(page: Page, key: string): Promise<string | null> {
  return page.evaluate((wanted) => {
    const name = Object.keys(localStorage).find((name) => name.startsWith("fictures:v") && name.endsWith(`:${wanted}`));
    return name ? localStorage.getItem(name) : null;
  }, key);
}

/** Puts so many views more into localStorage, in the form in which the page itself stores that of `key`. */
export async function storeMany(page: Page, key: string, count: number): Promise<void> {
  await expect.poll(() => storedText(page, key)).not.toBeNull();
  await page.evaluate(
    ({ key, count }) => {
      const name = Object.keys(localStorage).find((name) => name.endsWith(`:${key}`))!;
      const stored = JSON.parse(localStorage.getItem(name)!);
      for (let n = 0; n < count; n += 1) {
        const other = `post:${String(n).padStart(21, "0")}:replies`;
        localStorage.setItem(name.replace(key, other), JSON.stringify({ ...stored, key: other, value: { replies: [] } }));
      }
    },
    { key, count },
  );
}

/** The row of `key` in the open debug panel, whichever layers hold it. */
export function keyRow(page: Page, key: string) {
  return page.locator(`tr[data-key="${key}"]`);
}

/** Layer 3: the row of `key` in the open debug panel, if memory holds it. */
export function memoryRow(page: Page, key: string) {
  return keyRow(page, key).filter({ has: page.locator('td[data-layer="memory"]') });
}

/** The line of the debug panel's list that says `operation` happened to `key` in `layer`. */
export function operationLine(page: Page, layer: "server" | "localStorage" | "memory", operation: string, key: string) {
  return page.locator(`li[data-layer="${layer}"][data-operation="${operation}"][data-subject*="${key}"]`).first();
}

/** The debug panel. */
export const panelOf = (page: Page) => page.getByRole("dialog", { name: "Cache", exact: true });

/** Opens the debug panel by its keys, on the keys of one layer: what memory holds is so little that all of it is drawn. */
export async function openPanel(page: Page, layer: "" | "server" | "localStorage" | "memory" = "memory") {
  await page.keyboard.press("Control+Shift+KeyD");
  await panelOf(page).getByLabel("Layer").selectOption(layer);
}

/** The id of whoever is signed in. */
export async function whoAmI(page: Page): Promise<string> {
  return (await (await page.request.get("/api/auth/session")).json()).user.id;
}

export type Outline = { chapters: { id: string; title: string; version: number; scenes: { id: string; title: string; version: number }[] }[] };

/** The outline of a story, from the API. */
export async function outlineOf(page: Page, story: string): Promise<Outline> {
  return (await page.request.get(`/studio/api/story/${story}/chapters`)).json();
}
