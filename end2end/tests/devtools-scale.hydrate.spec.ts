// The debug panel with ten thousand keys: what is not in sight costs nothing. The figures are printed.
import { expect, open, type Page, test, testStories } from "../fixtures";
import { keyRow, openPanel, panelOf, storedText } from "../layers";

const KEYS = 10_000;
const novel = `story:${testStories[0]}:public`;

/** Ten thousand views in localStorage, in the form in which the page itself stored one. */
async function fill(page: Page): Promise<void> {
  await expect.poll(() => storedText(page, novel)).not.toBeNull();
  await page.evaluate(
    ({ count, novel }) => {
      const name = Object.keys(localStorage).find((name) => name.endsWith(`:${novel}`))!;
      const stored = JSON.parse(localStorage.getItem(name)!);
      for (let n = 0; n < count; n += 1) {
        const key = `post:${String(n).padStart(21, "0")}:replies`;
        localStorage.setItem(name.replace(novel, key), JSON.stringify({ ...stored, key, value: { replies: [] } }));
      }
    },
    { count: KEYS, novel },
  );
}

/** The time between frames while something is done in each of them, in milliseconds. */
function frames(page: Page, act: "scroll" | "nothing") {
  return page.evaluate(
    ({ act, count }) =>
      new Promise<number[]>((resolve) => {
        const scroller = document.querySelector(".entries__scroll")!;
        const gaps: number[] = [];
        let last = 0;
        const step = (now: number) => {
          if (last) gaps.push(now - last);
          last = now;
          if (gaps.length === count) return resolve(gaps);
          if (act === "scroll") scroller.scrollTop += 120;
          requestAnimationFrame(step);
        };
        requestAnimationFrame(step);
      }),
    { act, count: 240 },
  );
}

/** Tells what the page has computed since the last time, in milliseconds: scripts, styles and layout. */
async function workOf(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  // In the time of its own thread: what else the machine does meanwhile does not count.
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  let before = 0;
  return async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    const seconds = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
    const all = 1_000 * (seconds("ScriptDuration") + seconds("RecalcStyleDuration") + seconds("LayoutDuration"));
    const since = all - before;
    before = all;
    return since;
  };
}

const share = (values: number[], part: number) => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * part)];

test("Ten thousand keys scroll frame by frame", async ({ page }) => {
  test.setTimeout(60_000);
  await open(page, "/novels");
  await page.locator(`a[href="/novels/${testStories[0]}"]`).first().click();
  await fill(page);
  await openPanel(page, "localStorage");
  const count = panelOf(page).locator("[data-count]");
  await expect.poll(async () => Number(await count.getAttribute("data-count")), { timeout: 20_000 }).toBeGreaterThanOrEqual(KEYS);

  const still = await frames(page, "nothing");
  const worked = await workOf(page);
  await worked();
  const scrolled = await frames(page, "scroll");
  const work = (await worked()) / scrolled.length;

  const told = (gaps: number[]) => [0.5, 0.95, 1].map((part) => share(gaps, part).toFixed(1)).join(" / ");
  console.log(`${KEYS} keys: ${work.toFixed(1)} ms of work in a frame; ms between frames, p50 / p95 / most: ${told(scrolled)} scrolling, ${told(still)} at rest`);
  expect(await page.locator("tr[data-key]").count(), "rows drawn").toBeLessThan(60);
  // The gaps between frames are told, not judged: they are as long as whatever else the machine does.
  expect(work, "a frame lasts 16.7 ms").toBeLessThan(16);
});

test("The last of ten thousand keys is found by key, by scrolling and by its name", async ({ page }) => {
  test.setTimeout(60_000);
  await open(page, "/novels");
  await page.locator(`a[href="/novels/${testStories[0]}"]`).first().click();
  await fill(page);
  await openPanel(page, "localStorage");
  const first = keyRow(page, `post:${"0".padStart(21, "0")}:replies`);
  const last = keyRow(page, `post:${String(KEYS - 1).padStart(21, "0")}:replies`);
  await expect(first).toBeVisible();
  await expect(last).toHaveCount(0);
  await expect(panelOf(page).getByRole("table", { name: "Keys" })).toHaveAttribute("aria-rowcount", /^100\d\d$/, { timeout: 20_000 });

  await panelOf(page).getByLabel("Filter keys").fill(":replies");
  await first.getByRole("button").first().focus();
  await page.keyboard.press("End");
  await expect(last.getByRole("button").first()).toBeFocused();
  await expect(last).toHaveAttribute("aria-rowindex", String(KEYS + 1));
  await expect(last).toBeInViewport();
  await page.keyboard.press("Home");
  await expect(first.getByRole("button").first()).toBeFocused();

  await panelOf(page).getByLabel("Filter keys").fill(String(KEYS - 1).padStart(21, "0"));
  await expect(last).toBeVisible();
  await expect(first).toHaveCount(0);
});
