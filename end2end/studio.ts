// Stories, written and published through the API as whoever is signed in.
import { expect, type Page } from "./fixtures";

/** Publishes a new novel of one chapter, and returns its id. */
export async function publishNovel(page: Page, title: string): Promise<string> {
  const story = await create(page, "/studio/api/stories", { title }, "story");
  const chapter = await create(page, `/studio/api/story/${story}/chapters`, { title: "One" }, "chapter");
  await create(page, `/studio/api/chapters/${chapter}/scenes`, { title: "Ebb", content: "The tide went out." }, "scene");
  const published = await page.request.put(`/studio/api/story/${story}/publication`, { data: {} });
  expect(published.status()).toBe(200);
  return story;
}

async function create(page: Page, path: string, data: object, kind: string): Promise<string> {
  const answer = await page.request.post(path, { data });
  expect(answer.status()).toBe(201);
  return (await answer.json())[kind].id;
}
