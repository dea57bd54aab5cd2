// What a page sends: watched, and held back.
import { expect, type Page } from "@playwright/test";
import { open } from "./fixtures";

/** Requests of one server function that wait until they are let go. */
export type Held = {
  /** The bodies of those that waited or wait, in order. */
  readonly sent: string[];
  letGo: () => void;
};

/** Holds back the answers of a server function until it is let go. */
export async function holdBack(page: Page, name: string): Promise<Held> {
  const sent: string[] = [];
  let letGo = () => {};
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  await page.route(`**/api/fn/${name}`, async (route) => {
    sent.push(route.request().postData() ?? "");
    await gate;
    await route.continue();
  });
  return { sent, letGo };
}

/** The keys that are read from the server from now on. */
export function reads(page: Page): string[] {
  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/api/fn/read")) sent.push(request.postData() ?? "");
  });
  return sent;
}

/** Opens a page and waits until it hears what others change. */
export async function openLive(page: Page, path: string): Promise<void> {
  const stream = page.waitForRequest("**/api/events*");
  await open(page, path);
  await stream;
}

/** Opens a page and waits until it watches its links. */
export async function openWatching(page: Page, path: string): Promise<void> {
  const chunk = page.waitForResponse(/split_live/);
  await open(page, path);
  await (await chunk).finished();
  await expect.poll(() => page.evaluate(() => localStorage.getItem("cache-manager-config"))).not.toBeNull();
}

/** Chooses for this page, before it is opened, whether links are fetched before they are followed, and how soon. */
export async function choosePrefetch(page: Page, prefetch: { isOn: boolean; hoverMs: number }): Promise<void> {
  await page.addInitScript((prefetch) => {
    localStorage.setItem("cache-manager-config", JSON.stringify({ prefetch }));
  }, prefetch);
}
