// What anyone can do, with JavaScript and without: find a novel, read it, look at the boards, log in and out.
import { expect, open, people, signIn, test } from "../fixtures";

test("A novel is found, opened and read to its second chapter", async ({ page }) => {
  await open(page, "/novels");
  await page.locator(".story-card").filter({ hasText: /[2-9] chapters/, hasNotText: "Cache Test" }).locator("a.card__link").first().click();
  await page.waitForURL(/\/novels\/[\w-]{21}$/);
  await expect(page.getByRole("heading", { name: "Contents" })).toBeVisible();
  await page.getByRole("link", { name: "Start reading" }).click();
  await expect(page.locator(".prose p").first()).toBeVisible();
  const first = await page.getByRole("heading", { level: 1 }).textContent();
  await page.getByRole("navigation", { name: "Chapters" }).getByRole("link", { name: /Next chapter/ }).click();
  await expect(page.getByRole("heading", { level: 1 })).not.toHaveText(first!);
  await expect(page.locator(".prose p").first()).toBeVisible();
});

test("A search finds a novel by its title, and says so when it finds none", async ({ page }) => {
  await open(page, "/novels");
  const title = await page.locator(".story-card__title").filter({ hasNotText: "Cache Test" }).first().textContent();
  await page.getByRole("searchbox").first().fill(title!.trim());
  await page.getByRole("searchbox").first().press("Enter");
  await page.waitForURL(/q=/);
  await expect(page.locator(".story-card__title")).toHaveText([title!.trim()]);
  await open(page, "/novels?q=no-such-novel-anywhere");
  await expect(page.getByRole("main")).toContainText("Nothing matches");
});

test("The boards can be read", async ({ page }) => {
  await open(page, "/community");
  await page.locator('a[href^="/community/posts/"]').first().click();
  await page.waitForURL(/\/community\/posts\//);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
});

test("What does not exist is not found, in words, and with its status", async ({ page, trouble }) => {
  trouble.expect(/404/);
  for (const path of ["/no/such/page", "/novels/aaaaaaaaaaaaaaaaaaaaa", "/novels/short", "/community/posts/aaaaaaaaaaaaaaaaaaaaa"]) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(404);
    await expect(page.getByRole("main"), path).toContainText(/not found|no such|moved/i);
  }
});

test("A log-in leads back to where one was, and a log-out to the novels", async ({ page }) => {
  await page.goto("/login?next=/community");
  await page.getByLabel("Username or email", { exact: true }).fill(people.noor.username);
  await page.getByLabel("Password", { exact: true }).fill(people.noor.password);
  await page.getByRole("main").getByRole("button", { name: "Log in", exact: true }).click();
  await page.waitForURL("**/community");
  await page.locator("summary", { hasText: "noor" }).click();
  await page.getByRole("button", { name: "Log out" }).click();
  await page.waitForURL("**/novels");
  await expect(page.getByRole("link", { name: "Sign up" })).toBeVisible();
});

test("A wrong password is refused in words, and nothing typed is lost", async ({ page, trouble }) => {
  trouble.expect(/401/);
  await open(page, "/login");
  await page.getByLabel("Username or email", { exact: true }).fill("noor");
  await page.getByLabel("Password", { exact: true }).fill("not-her-password");
  await page.getByRole("main").getByRole("button", { name: "Log in", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("do not match");
});

test("Someone new signs up and is logged in", async ({ page }, testInfo) => {
  const username = `new-${testInfo.project.name}-${Date.now()}`.slice(0, 50);
  await open(page, "/signup");
  await page.getByLabel("Username", { exact: true }).fill(username);
  await page.getByLabel("Email", { exact: true }).fill(`${username}@example.org`);
  await page.getByLabel("Password", { exact: true }).fill("a-long-enough-password");
  await page.getByLabel(/I want to write/).check();
  await page.getByRole("button", { name: "Create account" }).click();
  await page.waitForURL((url) => url.pathname !== "/signup");
  await expect(page.locator("summary", { hasText: username })).toBeVisible();
  await open(page, "/studio");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Your stories");
});

test("Nothing is wider than a phone", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await signIn(page, "cache-writer");
  for (const path of ["/novels", "/novels/g6Jy-EoFLW_TuyxHVjIci", "/community", "/studio", "/studio/story/g6Jy-EoFLW_TuyxHVjIci", "/login"]) {
    await open(page, path);
    const width = await page.locator("html").evaluate((html: HTMLElement) => html.scrollWidth);
    expect(width, path).toBeLessThanOrEqual(320);
  }
});
