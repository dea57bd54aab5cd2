import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTool } from "./server";

/** Seeds one database before all tests; every server starts with a copy. Hashing passwords is slow on purpose. */
export default async function seedOnce() {
  const directory = await mkdtemp(join(tmpdir(), "fictures-seeded-"));
  process.env.E2E_SEEDED = directory;
  await runTool(directory, "seed");
  await runTool(directory, "seed-test-data");
  return () => rm(directory, { recursive: true, force: true });
}
