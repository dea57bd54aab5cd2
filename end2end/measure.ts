// Figures of the product: how they are summed up, and how whoever reads the report sees them.
import { expect, type Page, test } from "@playwright/test";

/** How long something took, in milliseconds, over all samples. */
export type Spread = { samples: number; p50: number; p95: number; p99: number; max: number };

/** The percentiles of `times`, each the time of one sample. */
export function spread(times: number[]): Spread {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(sorted.length * share) - 1];
  return { samples: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: sorted[sorted.length - 1] };
}

/** Puts what was measured into the report: as an annotation to be read, as an attachment to be compared, and on the terminal. */
export async function report(name: string, figures: Record<string, Spread | number | string>): Promise<void> {
  const rows = Object.entries(figures).map(([label, figure]) => `${label} ${words(figure)}`);
  test.info().annotations.push({ type: name, description: rows.join(" · ") });
  await test.info().attach(`${name}.json`, { body: JSON.stringify(figures, null, 2), contentType: "application/json" });
  console.log(`${name}: ${rows.join(" · ")}`);
}

function words(figure: Spread | number | string): string {
  if (typeof figure === "string") return figure;
  if (typeof figure === "number") return String(Math.round(figure * 100) / 100);
  const { samples, p50, p95, p99, max } = figure;
  return `p50 ${p50.toFixed(1)} p95 ${p95.toFixed(1)} p99 ${p99.toFixed(1)} max ${max.toFixed(1)} ms (${samples})`;
}

/** One request of a page: how long it took, and what the server's cache said that it did. */
export type Timed = { ms: number; status: number; cache: string | null };

/** Sends these requests from within the page, one after the other. Only what may not be kept by the browser measures the server. */
export function timed(page: Page, requests: { method?: string; path: string; body?: object }[]): Promise<Timed[]> {
  return page.evaluate(async (requests) => {
    const answers = [];
    for (const { method = "GET", path, body } of requests) {
      const headers = body ? { "Content-Type": "application/json" } : undefined;
      const began = performance.now();
      const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
      await answer.arrayBuffer();
      answers.push({ ms: performance.now() - began, status: answer.status, cache: answer.headers.get("x-cache-status") });
    }
    return answers;
  }, requests);
}

/**
 * Those answers of which the server said that its cache did this. It passes by a store that does not answer in time, as it
 * should, and on a busy machine that happens: it must be rare, and nothing else may happen.
 */
export function only<T extends { cache: string | null | undefined }>(answers: T[], cache: string | null): T[] {
  const wanted = answers.filter((answer) => answer.cache === cache);
  expect(answers.filter((answer) => answer.cache !== cache && answer.cache !== "BYPASS")).toEqual([]);
  expect(wanted.length, `so many of ${answers.length} are ${cache}`).toBeGreaterThan(answers.length * 0.8);
  return wanted;
}

/** The times of those answers; all must be good. */
export function timesOf(answers: Timed[], cache: string | null): number[] {
  expect(answers.filter((answer) => answer.status >= 300)).toEqual([]);
  return only(answers, cache).map((answer) => answer.ms);
}

/** Reads `path` until the cache has it. */
export async function warm(page: Page, path: string): Promise<void> {
  await expect.poll(async () => (await timed(page, [{ path }]))[0].cache).toBe("HIT");
}

/** Clicks the heart again and again: how long until it says so each time, and how many of the changes missed the next frame. */
export function likeClicks(page: Page, clicks: number): Promise<{ times: number[]; late: number }> {
  return page.evaluate(async (clicks) => {
    const button = document.querySelector<HTMLButtonElement>(".like-button")!;
    const times: number[] = [];
    let late = 0;
    for (let click = 0; click < clicks; click += 1) {
      const before = button.getAttribute("aria-pressed");
      const began = performance.now();
      const changed = new Promise<number>((resolve) => {
        const observer = new MutationObserver(() => {
          observer.disconnect();
          resolve(performance.now() - began);
        });
        observer.observe(button, { attributes: true, attributeFilter: ["aria-pressed"] });
      });
      button.click();
      const inFrame = new Promise<string | null>((resolve) =>
        requestAnimationFrame(() => resolve(button.getAttribute("aria-pressed"))),
      );
      if ((await inFrame) === before) late += 1;
      times.push(await changed);
    }
    return { times, late };
  }, clicks);
}

/** What one load of a page took. */
export type Load = {
  /** The first thing was on the screen. */
  paintedMs: number;
  /** It answered to clicks. */
  usableMs: number;
  /** What was sent for it, files included. */
  bytes: number;
  /** What the server's cache did for its HTML. */
  cache: string | undefined;
};

/** Goes to `path`, and measures as the browser does: from the beginning of the navigation. */
export async function loadTimes(page: Page, path: string): Promise<Load> {
  await noteHydration(page);
  const answer = await page.goto(path);
  await expect(page.locator("html[data-hydrated]")).toBeAttached();
  const measured = await page.evaluate(async () => {
    const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    const paintedMs = await new Promise<number>((resolve) => {
      const observer = new PerformanceObserver((list) => {
        const [paint] = list.getEntriesByName("first-contentful-paint");
        if (paint) resolve(paint.startTime);
      });
      observer.observe({ type: "paint", buffered: true });
    });
    const files = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
    const bytes = files.reduce((sum, file) => sum + file.transferSize, navigation.transferSize);
    return { paintedMs, bytes, usableMs: (window as unknown as { usableMs: number }).usableMs };
  });
  return { ...measured, cache: answer?.headers()["x-cache-status"] };
}

const noted = new WeakSet<Page>();

/** Has each page that is loaded from now on note when `frontend` said that it answers to clicks. */
async function noteHydration(page: Page): Promise<void> {
  if (noted.has(page)) return;
  noted.add(page);
  await page.addInitScript(() => {
    const hydrated = new MutationObserver(() => {
      if (!document.documentElement.hasAttribute("data-hydrated")) return;
      hydrated.disconnect();
      Object.assign(window, { usableMs: performance.now() });
    });
    hydrated.observe(document, { attributes: true, subtree: true });
  });
}

/**
 * Watches from now on for `selector` to say `text`. What is returned waits for it, and says how long it took: from now, or
 * from the next click.
 */
export async function nextChange(page: Page, selector: string, text: string, from: "now" | "click" = "now"): Promise<() => Promise<number>> {
  await page.evaluate(
    ({ selector, text, from }) => {
      let began = performance.now();
      if (from === "click") addEventListener("click", () => (began = performance.now()), { capture: true, once: true });
      const change = new Promise<number>((resolve) => {
        const observer = new MutationObserver(() => {
          if (!document.querySelector(selector)?.textContent?.includes(text)) return;
          observer.disconnect();
          resolve(performance.now() - began);
        });
        observer.observe(document, { childList: true, characterData: true, subtree: true });
      });
      Object.assign(window, { change });
    },
    { selector, text, from },
  );
  return () => page.evaluate(() => (window as unknown as { change: Promise<number> }).change);
}
