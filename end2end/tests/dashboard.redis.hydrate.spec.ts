// What the dashboard says while Redis is away.
import { expect, open, test } from "../fixtures";

test("Redis away is critical within 15 s, in the API and in the dashboard, and resolved when it is back", async ({ page, server }) => {
  test.setTimeout(90_000);
  await open(page, "/studio/cache");
  await page.request.get("/novels/api/stories");
  const alert = page.locator('[data-alert="cache_unavailable:redis"]');
  const told = async () => {
    const { alerts } = await (await page.request.get("/studio/api/cache/monitoring")).json();
    const found = alerts.find((alert: { id: string }) => alert.id === "cache_unavailable:redis");
    return found && `${found.severity} ${found.state}`;
  };

  await server.redis!.stop();
  const gone = Date.now();

  await expect.poll(told, { timeout: 15_000, intervals: [500] }).toBe("critical firing");
  await expect(alert).toHaveAttribute("data-state", "firing", { timeout: 15_000 - (Date.now() - gone) });
  await expect(alert).toContainText("critical");
  await expect(alert).toContainText("Start the store again");

  await server.redis!.start();

  await expect.poll(told, { timeout: 40_000, intervals: [500] }).toBe("info resolved");
  await expect(alert).toHaveAttribute("data-state", "resolved", { timeout: 10_000 });
});
