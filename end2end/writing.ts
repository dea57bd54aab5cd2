// Scenes that are written, and what becomes of their text on the way.
import { expect, type Page } from "@playwright/test";
import { open, testStories } from "./fixtures";
import { outlineOf } from "./layers";

/** The story whose scenes are written. */
export const story = testStories[2];

export const text = (page: Page) => page.getByRole("textbox", { name: "Text", exact: true });
export const state = (page: Page) => page.locator(".save-state");
export const path = (scene: string) => `/studio/story/${story}/scene/${scene}`;

/** Opens the only scene of the story's `n`-th chapter: each test has one of its own. */
export async function openScene(page: Page, n: number) {
  const { chapters } = await outlineOf(page, story);
  const scene = chapters[n % chapters.length].scenes[Math.floor(n / chapters.length)];
  await open(page, path(scene.id));
  await expect(text(page)).toBeEditable();
  return scene;
}

export async function stored(page: Page, scene: string): Promise<string> {
  return (await (await page.request.get(`/studio/api/scenes/${scene}`)).json()).scene.content;
}

/** The drafts in localStorage, as text. */
export function drafts(page: Page): Promise<string> {
  return page.evaluate(() =>
    Object.entries(localStorage)
      .filter(([name]) => name.startsWith("fictures:draft:"))
      .map(([, draft]) => draft)
      .join("\n"),
  );
}

/** Lets no save through until it is called again with "on". */
export async function network(page: Page, is: "on" | "off") {
  if (is === "on") await page.context().unroute(/api\/fn\/(edit|settle)_scene/);
  else await page.context().route(/api\/fn\/(edit|settle)_scene/, (route) => route.abort("connectionfailed"));
}

/** Leaves no room in localStorage, but for what fits into the last `room` characters. */
export function fillStorage(page: Page, room = 0) {
  return page.evaluate((room) => {
    localStorage.setItem("room", "x".repeat(room));
    let size = 1_000_000;
    for (let n = 0; size > 0; n++) {
      try {
        localStorage.setItem(`somebody-else-${n}`, "x".repeat(size));
      } catch {
        size = Math.floor(size / 2);
      }
    }
    localStorage.removeItem("room");
  }, room);
}
