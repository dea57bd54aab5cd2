import { readFile } from "node:fs/promises";
import { type BrowserContext, test as base, expect, type Page } from "@playwright/test";
import { Server } from "./server";

export { expect, type Page };

export type Store = "in-process" | "redis";
export type ServerOptions = {
  store: Store;
  /** Are the cache tools open to everyone, or to developers only? */
  devTools: "on" | "off";
  server: Server;
};

/** The people of `fictures seed` and `fictures seed-test-data`. */
export const people = {
  mira: { username: "mira", password: "mira-writes-novels" },
  noor: { username: "noor", password: "noor-reads-novels" },
  dev: { username: "dev", password: "dev-sees-caches" },
  "cache-writer": { username: "cache-writer", password: "cache-writer-password" },
};

/** The stories of `fictures seed-test-data`, all by `cache-writer`; only the first is published. */
export const testStories = ["g6Jy-EoFLW_TuyxHVjIci", "FjmVo1UY6qRweYQPrOoWP", "4dAQF4PpmSBTRRGxxU7IZ"] as const;

type Person = keyof typeof people | { username: string; password: string };

type Fixtures = {
  /** Fails the test on trouble in the browser that nobody announced with `trouble.expect(…)`. */
  trouble: Trouble;
  /** A second browser: its own cookies and storage, watched like the first. */
  newVisitor: () => Promise<Page>;
};

class Trouble {
  private readonly seen: string[] = [];
  private readonly expected: RegExp[] = [];

  constructor(private readonly javaScript: boolean) {}

  /** Says that a console error, page error or failed request which matches is what this test is about. */
  expect(pattern: RegExp) {
    this.expected.push(pattern);
  }

  watch(context: BrowserContext) {
    context.on("console", (message) => {
      const worrying = message.type() === "error" || (message.type() === "warning" && /hydrat/i.test(message.text()));
      if (worrying) this.seen.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
    });
    context.on("weberror", (error) => this.seen.push(`page error: ${error.error()}`));
    context.on("requestfailed", (request) => {
      const why = request.failure()?.errorText;
      // Without JavaScript, Chromium refuses to preload the script that it is not going to run.
      const preload = !this.javaScript && why === "csp" && request.url().endsWith("/fictures.js");
      // A page that is left, or a stream that is closed, gives up its own requests.
      if (why !== "net::ERR_ABORTED" && !preload) this.seen.push(`failed request: ${request.method()} ${request.url()} ${why}`);
    });
  }

  unexpected(): string[] {
    return this.seen.filter((line) => !this.expected.some((pattern) => pattern.test(line)));
  }
}

export const test = base.extend<Fixtures, ServerOptions>({
  store: ["in-process", { option: true, scope: "worker" }],

  devTools: ["on", { option: true, scope: "worker" }],

  server: [
    async ({ store, devTools }, use) => {
      const server = await Server.start(store, { FICTURES_DEV_TOOLS: devTools });
      await use(server);
      await server.stop();
    },
    { scope: "worker", timeout: 60_000 },
  ],

  baseURL: ({ server }, use) => use(server.baseURL),

  trouble: [
    async ({ context, javaScriptEnabled, server }, use, testInfo) => {
      const trouble = new Trouble(javaScriptEnabled !== false);
      trouble.watch(context);
      await use(trouble);
      if (testInfo.status !== testInfo.expectedStatus) {
        await testInfo.attach("server.log", { body: await readFile(server.log), contentType: "text/plain" });
      }
      expect(trouble.unexpected(), "trouble in the browser").toEqual([]);
    },
    { auto: true },
  ],

  newVisitor: async ({ browser, baseURL, javaScriptEnabled, trouble }, use) => {
    const opened: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext({ baseURL, javaScriptEnabled });
      trouble.watch(context);
      opened.push(context);
      return context.newPage();
    });
    for (const context of opened) await context.close();
  },
});

/** Logs in through the page that people use. */
export async function signIn(page: Page, who: Person): Promise<void> {
  const { username, password } = typeof who === "string" ? people[who] : who;
  await open(page, "/login");
  await page.getByLabel("Username or email", { exact: true }).fill(username);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("main").getByRole("button", { name: "Log in", exact: true }).click();
  await page.waitForURL((url) => url.pathname !== "/login");
  await awake(page);
}

/** Goes to a page and waits until it answers to clicks. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await awake(page);
}

/** Waits for hydration, which `frontend` marks on the document; without JavaScript there is none to wait for. */
export async function awake(page: Page): Promise<void> {
  if (test.info().project.use.javaScriptEnabled === false) return;
  await expect(page.locator("html[data-hydrated]")).toBeAttached();
}
