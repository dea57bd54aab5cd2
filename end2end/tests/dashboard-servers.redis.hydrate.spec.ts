// Three servers on one PostgreSQL and one Redis: each of them tells what all of them did.
import { awake, expect, test } from "../fixtures";
import { figure, refresh } from "../dashboard";
import { keyRow, openPanel } from "../layers";
import { Server, emptyDatabase } from "../server";

test("The dashboard and the panel of each of three servers tell what all three did", async ({ newVisitor }) => {
  test.setTimeout(120_000);
  const database = await emptyDatabase();
  const servers: Server[] = [];
  try {
    servers.push(await Server.start("redis", { DATABASE_URL: database.url }));
    const more = { DATABASE_URL: database.url, REDIS_URL: servers[0].redisURL! };
    for (let other = 0; other < 2; other += 1) servers.push(await Server.start("in-process", more));

    const seen: Record<string, number> = { HIT: 0, MISS: 0, BYPASS: 0 };
    for (const [index, reads] of [4, 9, 2].entries()) {
      for (let read = 0; read < reads; read += 1) {
        const answer = await fetch(`${servers[index].baseURL}/novels/api/stories`);
        seen[answer.headers.get("x-cache-status")!] += 1;
      }
    }
    expect(seen.HIT + seen.MISS + seen.BYPASS).toBe(15);

    for (const { baseURL } of servers) {
      const page = await newVisitor();
      // What this browser counts is its own.
      await page.route("**/studio/api/cache/metrics", (route) => route.fulfill({ status: 202 }));
      await page.goto(`${baseURL}/studio/cache`);
      await awake(page);
      const shown = (what: string) => figure(page, "By kind of view", "novels", what);
      // The others write down what they did every five seconds.
      await expect(async () => {
        await refresh(page);
        await expect(shown("hits")).toHaveText(String(seen.HIT), { timeout: 1_000 });
        await expect(shown("misses")).toHaveText(String(seen.MISS), { timeout: 1_000 });
      }).toPass({ timeout: 20_000 });

      await openPanel(page, "server");
      await expect(keyRow(page, "stories:published").locator('td[data-layer="server"]')).toContainText(/\d+ (s|min)/);
    }
  } finally {
    for (const server of servers.reverse()) await server.stop();
    await database.drop();
  }
});
