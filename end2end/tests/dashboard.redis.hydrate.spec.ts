// What the dashboard, the API and the log say while Redis is away.
import { readFile } from "node:fs/promises";
import { expect, open, test } from "../fixtures";

test("Redis away is critical within 15 s, in the API, the dashboard and the log, and resolved when it is back", async ({ page, server }) => {
  test.setTimeout(90_000);
  await open(page, "/studio/cache");
  await page.request.get("/novels/api/stories");
  const alert = page.locator('[data-alert="cache_unavailable:redis"]');
  const told = async () => {
    const { alerts } = await (await page.request.get("/studio/api/cache/monitoring")).json();
    const found = alerts.find((alert: { id: string }) => alert.id === "cache_unavailable:redis");
    return found && `${found.severity} ${found.state}`;
  };
  /** The levels at which the server's log has said so. */
  const logged = async (words: string) => {
    const lines = (await readFile(server.log, "utf8")).split("\n");
    return lines.filter((line) => line.includes(words)).map((line) => /ERROR|WARN|INFO/.exec(line)?.[0]);
  };

  await server.redis!.stop();
  const gone = Date.now();

  await expect.poll(told, { timeout: 15_000, intervals: [500] }).toBe("critical firing");
  await expect(alert).toHaveAttribute("data-state", "firing", { timeout: 15_000 - (Date.now() - gone) });
  await expect.poll(() => logged("The store of redis does not answer."), { timeout: 15_000 - (Date.now() - gone) }).toEqual(["ERROR"]);
  expect(await logged("The store of redis answers again.")).toEqual([]);
  await expect(alert).toContainText("critical");
  await expect(alert).toContainText("Start the store again");

  await server.redis!.start();

  await expect.poll(told, { timeout: 40_000, intervals: [500] }).toBe("info resolved");
  await expect(alert).toHaveAttribute("data-state", "resolved", { timeout: 10_000 });
  // One alert is two lines, however often the server has looked.
  expect(await logged("The store of redis answers again.")).toEqual(["INFO"]);
  expect(await logged("The store of redis does not answer.")).toEqual(["ERROR"]);
});
