// No lost text, ever: whatever becomes of the storage.
import { expect, open, signIn, test, testStories } from "../fixtures";
import { drafts, fillStorage, network, openScene, state, stored, text } from "../writing";

test.beforeEach(async ({ page, trouble }) => {
  trouble.expect(/ERR_CONNECTION|ERR_INTERNET|ERR_FAILED|ERR_EMPTY|ERR_INCOMPLETE_CHUNKED|Failed to fetch|failed request.*_scene/);
  await signIn(page, "cache-writer");
});

test("A full localStorage is no reason to lose text: it goes to IndexedDB and survives a reload", async ({ page }) => {
  const scene = await openScene(page, 5);
  await fillStorage(page);
  await network(page, "off");
  const long = `A long text. ${"And on it goes. ".repeat(20_000)}`;
  await text(page).fill(long);
  await page.keyboard.press("Control+KeyS");
  await expect(state(page)).toContainText("Offline — kept on this device");
  expect(await drafts(page)).not.toContain("A long text.");

  await page.reload();
  await expect(text(page)).toHaveValue(long);
  await network(page, "on");
  await text(page).press("Control+KeyS");
  await expect(state(page)).toContainText("Saved");
  expect(await stored(page, scene.id)).toBe(long);
  await page.reload();
  await expect(text(page)).toHaveValue(long);
  await expect(page.getByText("Text from this device was saved")).toHaveCount(0);
});

test("What is typed while a longer text is on its way to the disk stays", async ({ page }) => {
  await page.addInitScript(() => {
    // The disk is slow until it is let go: what was put there is confirmed late.
    let puts = 0;
    let letGo = () => {};
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    Object.assign(window, { puts: () => puts, letGo: () => letGo() });
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (...args) {
      puts += 1;
      return put.apply(this, args);
    };
    const confirmed = Object.getOwnPropertyDescriptor(IDBTransaction.prototype, "oncomplete")!;
    Object.defineProperty(IDBTransaction.prototype, "oncomplete", {
      ...confirmed,
      set(this: IDBTransaction, act: ((event: Event) => void) | null) {
        const late = act && this.mode === "readwrite" ? (event: Event) => void gate.then(() => act.call(this, event)) : act;
        confirmed.set!.call(this, late);
      },
    });
  });
  await openScene(page, 13);
  await network(page, "off");
  await fillStorage(page, 100_000);
  await text(page).fill(`A long text. ${"And on it goes. ".repeat(20_000)}`);
  await page.waitForFunction(() => (window as unknown as { puts: () => number }).puts() > 0);
  await text(page).fill("A short one instead.");
  await expect.poll(() => drafts(page), { intervals: [20] }).toContain("A short one instead.");

  await page.evaluate(async () => {
    (window as unknown as { letGo: () => void }).letGo();
    for (let frame = 0; frame < 3; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
  });

  expect(await drafts(page)).toContain("A short one instead.");
});

test("Where nothing can be stored the writer is told, and the text is still saved", async ({ page }) => {
  await page.addInitScript(() => {
    for (const name of ["localStorage", "indexedDB"]) {
      Object.defineProperty(window, name, {
        get() {
          throw new DOMException("The operation is insecure.", "SecurityError");
        },
      });
    }
  });
  const scene = await openScene(page, 6);
  await network(page, "off");
  await text(page).fill("Only on the screen.");
  await page.keyboard.press("Control+KeyS");
  await expect(page.getByRole("alert").filter({ hasText: "not kept on this device either" })).toBeVisible();
  await network(page, "on");
  await state(page).getByRole("button", { name: "Retry" }).click();
  await expect(state(page)).toContainText("Saved");
  expect(await stored(page, scene.id)).toBe("Only on the screen.");
});

test("A log-out asks for text on the disk and in forms, too", async ({ page, newVisitor }) => {
  await openScene(page, 14);
  await network(page, "off");
  await fillStorage(page);
  await text(page).fill(`A long text. ${"And on it goes. ".repeat(20_000)}`);
  await page.keyboard.press("Control+KeyS");
  await expect(state(page)).toContainText("Offline — kept on this device");
  expect(await drafts(page)).toBe("");
  const reader = await newVisitor();
  await signIn(reader, "noor");
  await open(reader, `/community/story/${testStories[0]}`);
  await reader.getByLabel("Title").fill("Half a title");
  await expect.poll(() => reader.evaluate(() => Object.keys(localStorage).join())).toContain("fictures:typed:");

  for (const person of [page, reader]) {
    await open(person, "/novels");
    await person.locator(".menu__button").click();
    await person.getByRole("button", { name: "Log out" }).click();
    await expect(person.getByRole("dialog", { name: "Log out with unsent text?" })).toBeVisible();
  }
});
