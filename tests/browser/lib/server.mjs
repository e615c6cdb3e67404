// The demo country as a child process, on a free port and in a folder that goes with it.

import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const root = fileURLToPath(new URL("../../../", import.meta.url));

const START_LIMIT_MS = 120_000;

/**
 * Starts `mhero demo` and waits until it has said where it listens and how to sign in.
 *
 * `MHERO_BIN` names another build; the debug build is what `make test` makes.
 * @param {{workers?: number, account?: string}} [wish] how many health workers the country has, and who signs in: the first that is named
 *   without it
 * @returns {Promise<{address: string, email: string, password: string, data: string, stop: () => Promise<void>}>}
 */
export async function startDemo({ workers = 500, account } = {}) {
  const program = process.env.MHERO_BIN ?? join(root, "target/debug/mhero");
  if (!existsSync(program)) throw new Error(`no ${program}: run \`cargo build -p mhero\` first`);
  const data = await mkdtemp(join(tmpdir(), "mhero-demo-"));
  const demo = ["demo", "--data", data, "--listen", "127.0.0.1:0", "--workers", String(workers)];
  const child = spawn(program, demo, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, NO_COLOR: "1" } });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    await rm(data, { recursive: true, force: true });
  };
  try {
    return { ...(await greeting(child, account)), data, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Starts `mhero serve` over an installation with an administrator and nobody else: real people come into no demo.
 * @returns {Promise<{address: string, email: string, password: string, data: string, stop: () => Promise<void>}>}
 */
export async function startEmpty() {
  const program = process.env.MHERO_BIN ?? join(root, "target/debug/mhero");
  if (!existsSync(program)) throw new Error(`no ${program}: run \`cargo build -p mhero\` first`);
  const folder = await mkdtemp(join(tmpdir(), "mhero-empty-"));
  const data = join(folder, "data");
  // The key of the installation lies beside its data and goes with them.
  const env = { ...process.env, NO_COLOR: "1", XDG_CONFIG_HOME: join(folder, "settings") };
  const account = { email: "admin@moh.example", password: "rain on the iron roof" };
  const run = (words, input) => {
    const { status, stderr } = spawnSync(program, [...words, "--data", data], { env, input, encoding: "utf8" });
    if (status !== 0) throw new Error(`mhero ${words[0]} ended with ${status}; it said:\n${stderr}`);
  };
  run(["init", "--country", "LR", "--language", "en,fr", "--timezone", "Africa/Monrovia", "--ministry", "Ministry of Health"]);
  run(["user", "add", "--role", "admin", "--password-stdin", account.email], account.password);
  const serve = ["serve", "--data", data, "--listen", "127.0.0.1:0"];
  const child = spawn(program, serve, { stdio: ["ignore", "pipe", "pipe"], env });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return { ...account, address: await listening(child), data, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Reads what the server prints until the address is in it. */
function listening(child) {
  return new Promise((resolve, reject) => {
    let said = "";
    const fail = (why) => reject(new Error(`${why}; it said:\n${said}`));
    const limit = setTimeout(fail, START_LIMIT_MS, "the server did not start in two minutes");
    child.once("exit", (code) => fail(`the server ended with ${code}`));
    const hear = (chunk) => {
      said += chunk;
      const address = /http:\/\/[\w.:[\]-]+/.exec(said)?.[0];
      if (!address) return;
      clearTimeout(limit);
      resolve(address);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
  });
}

/** Reads what the demo prints until the address, an e-mail address and a password are in it. */
function greeting(child, account) {
  return new Promise((resolve, reject) => {
    let said = "";
    const fail = (why) => reject(new Error(`${why}; it said:\n${said}`));
    const limit = setTimeout(fail, START_LIMIT_MS, "the demo did not start in two minutes");
    child.once("error", (error) => fail(error.message));
    child.once("exit", (code) => fail(`the demo ended with ${code}`));
    child.stderr.on("data", (chunk) => (said += chunk));
    child.stdout.on("data", (chunk) => {
      said += chunk;
      const found = readGreeting(said, account);
      if (!found) return;
      clearTimeout(limit);
      resolve(found);
    });
  });
}

/** `{address, email, password}` out of the printed sentences, or `undefined` while something is missing. */
export function readGreeting(text, account) {
  const address = /http:\/\/[\w.:[\]-]+/.exec(text)?.[0];
  const from = account ? text.indexOf(account) : 0;
  const rest = from < 0 ? "" : text.slice(from);
  const email = /[\w.+-]+@[\w.-]+\w/.exec(rest)?.[0];
  const password = /(?:password|mot de passe)\s*:?\s+(\S+)[^\S\n]*\n/i.exec(rest)?.[1];
  return address && email && password ? { address, email, password } : undefined;
}
