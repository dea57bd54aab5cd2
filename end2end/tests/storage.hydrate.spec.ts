// What lies in localStorage is never the reason for a wrong page: too much of it, something else, or something of before.
import { expect, type Page, signIn, test, testStories } from "../fixtures";
import { storedText } from "../layers";
import { openLive } from "../network";
import { writePost } from "../posts";

const board = `/community/story/${testStories[0]}`;

/** Writes a post, has a visitor read it, and takes them to where nothing of the program runs. Returns what was stored. */
async function readOnce(page: Page, visitor: Page): Promise<{ post: string; title: string; key: string; name: string }> {
  await signIn(page, "noor");
  const title = `Stored ${Date.now()}`;
  const post = await writePost(page, title);
  const key = `post:${post}:public`;
  await openLive(visitor, `/community/posts/${post}`);
  await expect.poll(() => storedText(visitor, key)).not.toBeNull();
  await visitor.goto("/healthz");
  const name = await visitor.evaluate((key) => Object.keys(localStorage).find((name) => name.endsWith(`:${key}`))!, key);
  return { post, title, key, name };
}

/** Goes to the post from its board, within the page. */
async function readAgain(visitor: Page, post: string, title: string): Promise<void> {
  await openLive(visitor, board);
  await visitor.locator(`a.card__link[href="/community/posts/${post}"]`).click();
  await expect(visitor.getByRole("heading", { level: 1 })).toHaveText(title);
}

test("Views beyond the budget go, the oldest first", async ({ page, newVisitor }) => {
  const visitor = await newVisitor();
  const { post, title, key, name } = await readOnce(page, visitor);
  // Six views, of which the first is the oldest: together just above five million bytes.
  const others = await visitor.evaluate(
    ({ name, now }) => {
      const stored = JSON.parse(localStorage.getItem(name)!);
      localStorage.removeItem(name);
      return [0, 1, 2, 3, 4, 5].map((n) => {
        const other = name.replace(/post:[^:]+/, `post:${"abcdef"[n].repeat(21)}`);
        const value = { ...stored.value, pad: "x".repeat(833_000) };
        localStorage.setItem(other, JSON.stringify({ ...stored, value, storedAt: now - 60_000 + n }));
        return other;
      });
    },
    { name, now: Date.now() },
  );

  await readAgain(visitor, post, title);

  await expect.poll(() => storedText(visitor, key)).not.toBeNull();
  const left = await visitor.evaluate(() =>
    Object.entries(localStorage).filter(([name]) => name.startsWith("fictures:v")).map(([name, text]) => ({ name, size: name.length + text.length })),
  );
  expect(left.map(({ name }) => name)).not.toContain(others[0]);
  expect(left.map(({ name }) => name)).toEqual(expect.arrayContaining(others.slice(1)));
  expect(left.reduce((sum, { size }) => sum + size, 0)).toBeLessThanOrEqual(5_000_000);
});

test("What is no view is replaced by one", async ({ page, newVisitor }) => {
  const visitor = await newVisitor();
  const { post, title, key, name } = await readOnce(page, visitor);
  for (const corrupt of ["{", "null", `{"key":"${key}"}`]) {
    await visitor.goto("/healthz");
    await visitor.evaluate(([name, corrupt]) => localStorage.setItem(name, corrupt), [name, corrupt]);

    await readAgain(visitor, post, title);

    await expect.poll(() => storedText(visitor, key)).toContain(title);
  }
});

test("Views of another schema go, and nothing that is not ours", async ({ page, newVisitor }) => {
  const visitor = await newVisitor();
  const { post, title, name } = await readOnce(page, visitor);
  const before = name.replace(/^fictures:v\d+:/, "fictures:v0:");
  await visitor.evaluate(
    ([name, before]) => {
      localStorage.setItem(before, localStorage.getItem(name)!);
      localStorage.setItem("fictures:visions", "of somebody else");
    },
    [name, before],
  );

  await readAgain(visitor, post, title);

  const names = await visitor.evaluate(() => Object.keys(localStorage));
  expect(names).not.toContain(before);
  expect(names).toContain(name);
  expect(names).toContain("fictures:visions");
});
