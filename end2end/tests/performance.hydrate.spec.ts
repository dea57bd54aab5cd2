// What a person waits for, measured on the product itself. The figures are printed; what fails is what does not depend on
// how busy the machine is: frames, renders, requests.
import { expect, type Page, open, signIn, test, testStories } from "../fixtures";
import { openPanel } from "../layers";
import { likeClicks, report, spread } from "../measure";
import { openLive, reads } from "../network";
import { like, writePost } from "../posts";
import { Server } from "../server";

/** A new post, open and live. */
async function openPost(page: Page): Promise<void> {
  await openLive(page, `/community/posts/${await writePost(page, `Measured ${Date.now()}`)}`);
}

test("An optimistic update is painted in the first frame after the click", async ({ page }) => {
  await signIn(page, "noor");
  await openPost(page);
  const measured = await likeClicks(page, 20);
  const all = spread(measured.times);
  await report("Optimistic update, from click to change", { all });
  // Half of them, for a busy machine takes a processor away from some; a slow handler is slow every time.
  expect(all.p50, "from the click to the change, in milliseconds").toBeLessThan(16);
  expect(measured.late, "clicks whose effect missed the next frame").toBe(0);
});

test("Equal data renders nothing again", async ({ page }) => {
  await signIn(page, "noor");
  await openPost(page);
  await page.evaluate(() => {
    let changes = 0;
    Object.assign(window, { changes: () => changes });
    new MutationObserver((records) => (changes += records.length)).observe(document.querySelector("main")!, {
      attributes: true,
      characterData: true,
      childList: true,
      subtree: true,
    });
  });
  const sent = reads(page);

  // A write that touches the page's tags and changes nothing: everything is asked for again.
  const path = new URL(page.url()).pathname;
  const id = path.split("/").at(-1)!;
  const read = page.waitForResponse("**/api/fn/read");
  await like(page, id, false);
  await (await read).finished();
  // What is to be drawn is drawn in the next frame, or in the one after it.
  const changes = await page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
    return (window as unknown as { changes: () => number }).changes();
  });

  console.log(`equal data: ${sent.length} views read again, ${changes} changes of the page`);
  expect(changes).toBe(0);
});

test("A reader is sent nothing of the cache tools", async ({ page, browser, store, trouble }) => {
  /** The files that `of` is sent from now on. */
  const files = (of: Page): Set<string> => {
    const sent = new Set<string>();
    of.on("response", (response) => {
      const { pathname } = new URL(response.url());
      if (pathname.startsWith("/pkg/")) sent.add(pathname.slice(pathname.lastIndexOf("/")));
    });
    return sent;
  };
  const readOn = async (of: Page) => {
    for (const path of ["/novels", `/novels/${testStories[0]}`, "/community", `/community/story/${testStories[0]}`]) await openLive(of, path);
  };

  // What opening the tools fetches, for whoever has read on before.
  const looks = files(page);
  await readOn(page);
  expect([...looks]).toContain("/tools.css");
  const tools = files(page);
  await openPanel(page);
  await page.keyboard.press("Control+Shift+KeyM");
  await expect(page.getByRole("dialog", { name: "Cache metrics" })).toBeVisible();
  for (const chunk of ["cache_panel", "metrics"]) expect([...tools].join()).toContain(`/split_${chunk}_`);
  // The openers and the dock come when the page has settled.
  expect([...looks].join()).toContain("/split_dock_");

  const server = await Server.start(store, { FICTURES_DEV_TOOLS: "off" });
  try {
    const context = await browser.newContext({ baseURL: server.baseURL });
    trouble.watch(context);
    const reader = await context.newPage();
    const sent = files(reader);
    await signIn(reader, "noor");
    await expect(reader.getByRole("button", { name: "Developer tools" })).toHaveCount(0);
    for (const key of ["KeyD", "KeyM"]) await reader.keyboard.press(`Control+Shift+${key}`);
    await readOn(reader);
    await open(reader, "/novels?debug=cache");
    await readOn(reader);

    // Of the chunks that the tools share with others, `.ci/tools-size` says whose they are.
    expect([...sent].filter((file) => /\/split_(cache_panel|metrics|dock)_|\/tools\.css$/.test(file))).toEqual([]);
    expect([...sent]).toContain("/fictures_bg.wasm");
    await context.close();
  } finally {
    await server.stop();
  }
});
