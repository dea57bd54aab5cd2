// Posts, written and liked through the API as whoever is signed in.
import { expect, type Page, testStories } from "./fixtures";

/** Writes a post on the board of the published test story, and returns its id. */
export async function writePost(page: Page, title: string): Promise<string> {
  const answer = await page.request.post("/community/api/posts", {
    data: { storyId: testStories[0], title, content: "What did the tide bring?" },
  });
  expect(answer.status()).toBe(201);
  return (await answer.json()).post.id;
}

/** Answers a post. */
export async function reply(page: Page, post: string, content: string): Promise<void> {
  const answer = await page.request.post(`/community/api/posts/${post}/replies`, { data: { content } });
  expect(answer.status()).toBe(201);
}

/** Likes a post, or takes that back. */
export async function like(page: Page, post: string, liked: boolean): Promise<void> {
  const answer = await page.request.post(`/community/api/posts/${post}/like`, { data: { liked } });
  expect(answer.status()).toBe(200);
}
