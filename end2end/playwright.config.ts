import { defineConfig, devices } from "@playwright/test";
import type { ServerOptions, Store } from "./fixtures";

// Each spec runs on both stores, and on each with and without JavaScript; `*.hydrate.spec.ts` is about JavaScript,
// `*.redis.hydrate.spec.ts` about Redis too.
// E2E_PROJECTS narrows it down: E2E_PROJECTS=in-process make e2e
const stores = (process.env.E2E_PROJECTS ?? "in-process redis").split(/[ ,]+/) as Store[];

// Google's services are out of reach on a build machine, and each refused connection would be a console error.
const chromiumArgs = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export default defineConfig<object, ServerOptions>({
  testDir: "tests",
  globalSetup: "./seeded.ts",
  workers: 2,
  fullyParallel: false, // the tests of one file share a server
  forbidOnly: !!process.env.CI,
  retries: 0, // a test that passes at the second try has found something; `.ci/test` says what it does about that
  timeout: 30_000,
  expect: { timeout: 5_000 },
  reporter: [["list"], ["html", { open: "never" }]],
  use: {
    ...devices["Desktop Chrome"],
    channel: undefined,
    launchOptions: { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell", args: chromiumArgs },
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
  },
  projects: stores.flatMap((store) => [
    { name: store, use: { store }, testIgnore: store === "redis" ? [] : /\.redis\.hydrate\.spec\.ts$/ },
    { name: `${store}-no-js`, use: { store, javaScriptEnabled: false }, testIgnore: /\.hydrate\.spec\.ts$/ },
  ]),
});
