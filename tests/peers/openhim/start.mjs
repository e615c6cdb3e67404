// A real OpenHIM of npm over the store of mongo.py, on loopback. Prints one line of JSON with its ports once it has started, and ends
// everything when standard input ends.
// Usage: start.mjs, with PYTHONPATH where mongomock and bson stand.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const STARTED = "OpenHIM server started";
const LIMIT_MS = 120_000;
const here = dirname(fileURLToPath(import.meta.url));
const children = [];

const freePort = () =>
  new Promise((found) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => found(port));
    });
  });

const end = (code) => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
};

const lineOf = (child, wanted) =>
  new Promise((found, failed) => {
    const seen = [];
    const look = (line) => {
      seen.push(line);
      if (seen.length > 100) seen.shift();
      if (wanted(line)) found(line);
    };
    createInterface({ input: child.stdout }).on("line", look);
    createInterface({ input: child.stderr }).on("line", look);
    child.on("exit", (code) => failed(new Error(`ended with ${code}:\n${seen.join("\n")}`)));
    setTimeout(() => failed(new Error(`not ready:\n${seen.join("\n")}`)), LIMIT_MS).unref();
  });

const folder = mkdtempSync(join(tmpdir(), "openhim-"));
process.stdin.resume();
process.stdin.on("end", () => end(0));
process.on("SIGTERM", () => end(0));
try {
  const mongo = spawn("python3", [join(here, "mongo.py")], { stdio: ["ignore", "pipe", "pipe"] });
  children.push(mongo);
  const store = Number(await lineOf(mongo, (line) => /^\d+$/.test(line)));
  const [api, http, https, rerun, tcp, polling] = await Promise.all(Array.from({ length: 6 }, freePort));
  const url = `mongodb://127.0.0.1:${store}/openhim`;
  const conf = {
    bindAddress: "127.0.0.1",
    mongo: { url, atnaUrl: url, openHIMApiReadPreference: "primary" },
    logger: { level: "info", logToDB: false, capDBLogs: false },
    router: { httpPort: http, httpsPort: https },
    api: { httpsPort: api },
    rerun: { httpPort: rerun, host: "127.0.0.1", processor: { enabled: true, pollPeriodMillis: 200 } },
    tcpAdapter: { httpReceiver: { httpPort: tcp, host: "127.0.0.1" } },
    polling: { enabled: true, pollingPort: polling, host: "127.0.0.1" },
    alerts: { enableAlerts: false },
    reports: { enableReports: false },
    bodyCull: { enabled: false },
    caching: { enabled: false },
  };
  const file = join(folder, "conf.json");
  writeFileSync(file, JSON.stringify(conf));
  const server = createRequire(import.meta.url).resolve("openhim-core/lib/server.js");
  const openhim = spawn(process.execPath, ["--no-deprecation", server, `--conf=${file}`], {
    cwd: join(dirname(server), ".."),
    env: { ...process.env, NODE_ENV: "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(openhim);
  await lineOf(openhim, (line) => line.includes(STARTED));
  console.log(JSON.stringify({ api, router: http }));
} catch (error) {
  console.error(String(error));
  end(1);
}
