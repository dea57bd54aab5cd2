import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

const root = resolve(import.meta.dirname, "..");
const program =
  process.env.FICTURES_BIN ?? join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "debug/fictures");

/** The settings of a server whose database lives in `directory`; nothing of the developer's own environment leaks in. */
function settings(directory: string, more: Record<string, string> = {}) {
  const { DATABASE_URL: _, REDIS_URL: __, ...rest } = process.env;
  return {
    ...rest,
    DATABASE_URL: `sqlite://${join(directory, "fictures.db")}`,
    FICTURES_DEV_TOOLS: "on",
    FICTURES_RATE_LIMITS: "off", // every test logs in from one address
    LEPTOS_OUTPUT_NAME: "fictures",
    LEPTOS_SITE_ROOT: join(root, "site"),
    RUST_LOG: process.env.RUST_LOG ?? "info",
    ...more,
  };
}

/** Runs a subcommand of `fictures` on the database in `directory`, and returns what it printed. */
export async function runTool(directory: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, { env: settings(directory), cwd: directory });
  return stdout;
}

/** A program of our own, started and stopped by the tests. */
class Service {
  private process?: ChildProcess;

  constructor(
    private readonly command: string,
    private readonly args: string[],
    private readonly options: { cwd: string; env: NodeJS.ProcessEnv },
    private readonly log: string,
    private readonly answers: () => Promise<boolean>,
  ) {}

  async start(): Promise<void> {
    const log = createWriteStream(this.log, { flags: "a" });
    await once(log, "open");
    const process = spawn(this.command, this.args, { ...this.options, stdio: ["ignore", log, log] });
    this.process = process;
    const deadline = Date.now() + 20_000;
    while (!(await this.answers())) {
      const gone = process.exitCode ?? process.signalCode;
      if (gone !== null || Date.now() > deadline) {
        throw new Error(`${this.command} did not start (${gone ?? "no answer in 20 s"}): see ${this.log}`);
      }
      await pause(20); // a new process cannot tell us that it listens; nothing else here waits by the clock
    }
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    const process = this.process;
    this.process = undefined;
    if (!process || process.exitCode !== null || process.signalCode !== null) return;
    const exited = once(process, "exit");
    process.kill(signal);
    const impatient = setTimeout(() => process.kill("SIGKILL"), 5_000);
    await exited;
    clearTimeout(impatient);
  }
}

/** A real `fictures` server on a free port, with its own database and, if asked for, its own Redis. */
export class Server {
  private constructor(
    readonly baseURL: string,
    /** Where this server's Redis listens; undefined on the in-process store. */
    readonly redisURL: string | undefined,
    /** What the server has logged. */
    readonly log: string,
    private readonly directory: string,
    private readonly program: Service,
    /** Stop it and start it to see what happens when Redis is away. */
    readonly redis: Service | undefined,
  ) {}

  /** `more` settings win over those of all test servers. */
  static async start(store: "in-process" | "redis", more: Record<string, string> = {}): Promise<Server> {
    const directory = await mkdtemp(join(tmpdir(), "fictures-e2e-"));
    const redisPort = store === "redis" ? await freePort() : undefined;
    const redis = redisPort ? redisService(directory, redisPort) : undefined;
    const redisURL = redisPort ? `redis://127.0.0.1:${redisPort}` : undefined;

    const address = `127.0.0.1:${await freePort()}`;
    const env = settings(directory, { LEPTOS_SITE_ADDR: address, ...(redisURL && { REDIS_URL: redisURL }), ...more });
    const log = join(directory, "server.log");
    const baseURL = `http://${address}`;
    const answers = async () => (await fetch(`${baseURL}/readyz`).catch(() => undefined))?.ok ?? false;
    const service = new Service(program, ["serve"], { cwd: directory, env }, log, answers);

    const server = new Server(baseURL, redisURL, log, directory, service, redis);
    await redis?.start();
    await server.copySeeds();
    await service.start();
    return server;
  }

  /** Stops and starts the server on the same port and data. `SIGKILL` is a crash. */
  async restart(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    await this.program.stop(signal);
    await this.program.start();
  }

  /** Back to the seeded data, with cold caches: for a test that leaves a mess. */
  async reset(): Promise<void> {
    await this.program.stop();
    await this.redis?.stop();
    await this.copySeeds();
    await this.redis?.start();
    await this.program.start();
  }

  /** Runs a subcommand of `fictures` on this server's database. */
  tool(...args: string[]): Promise<string> {
    return runTool(this.directory, ...args);
  }

  /** Asks this server's Redis: `redisCli("EXISTS", key)`. */
  async redisCli(...args: string[]): Promise<string> {
    if (!this.redisURL) throw new Error("this server has no Redis");
    const { stdout } = await promisify(execFile)("redis-cli", ["-u", this.redisURL, ...args]);
    return stdout.trim();
  }

  async stop(): Promise<void> {
    await this.program.stop();
    await this.redis?.stop();
    await rm(this.directory, { recursive: true, force: true });
  }

  private async copySeeds() {
    for (const end of ["", "-wal", "-shm"]) await rm(join(this.directory, `fictures.db${end}`), { force: true });
    await cp(process.env.E2E_SEEDED!, this.directory, { recursive: true });
  }
}

/** A PostgreSQL database of its own, for several servers; `.ci/services` says where. */
export async function emptyDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const outside = process.env.TEST_DATABASE_URL;
  if (!outside) throw new Error("set TEST_DATABASE_URL to a PostgreSQL, or run `make e2e`, which starts one");
  const sql = (command: string) => promisify(execFile)("psql", [outside, "--quiet", "--command", command]);
  const name = `test_e2e_${randomBytes(8).toString("hex")}`;
  await sql(`CREATE DATABASE ${name}`);
  const url = new URL(outside);
  url.pathname = `/${name}`;
  return { url: url.href, drop: async () => void (await sql(`DROP DATABASE ${name} WITH (FORCE)`)) };
}

function redisService(directory: string, port: number): Service {
  const args = ["--bind", "127.0.0.1", "--port", String(port), "--save", "", "--appendonly", "no"];
  const answers = async () =>
    (await promisify(execFile)("redis-cli", ["-p", String(port), "ping"]).catch(() => undefined))?.stdout === "PONG\n";
  return new Service("redis-server", args, { cwd: directory, env: process.env }, join(directory, "redis.log"), answers);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
