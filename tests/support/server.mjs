// A real demarched for tests in Node, as tests/support/e2e.py starts it.
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

const bin = process.env.DEMARCHE_BIN_DIR;
const environment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("DEMARCHE_"))),
  NO_COLOR: "1",
  XDG_CONFIG_HOME: "/nonexistent",
};

// What the protos of the API describe.
export const registry = createFileRegistry(
  fromBinary(FileDescriptorSetSchema, readFileSync(join(process.env.DEMARCHE_STUBS, "descriptors.binpb"))));

// The demo's articles as objects.
export const sampleItems = () =>
  readFileSync(join(process.env.DEMARCHE_SOURCE_DIR, "demo", "articles.jsonl"), "utf8").trim().split("\n").map((line) => JSON.parse(line));

export const run = async (program, ...args) =>
  (await promisify(execFile)(join(bin, program), args, { env: environment, encoding: "utf8", maxBuffer: 1 << 28 })).stdout;

const newDirectory = () => mkdtempSync(join(tmpdir(), "demarche-"));

// A directory that is gone when the test ends.
export function scratch(test) {
  const directory = newDirectory();
  test.after(() => rmSync(directory, { recursive: true }));
  return directory;
}

// Starts a server with a data directory of its own; both are gone when the test ends. Gives its addresses.
export async function startServer(test, ...args) {
  const directory = newDirectory();
  const listen = ["--listen", "127.0.0.1:0", "--http-listen", "127.0.0.1:0", "--min-free-bytes", "0", "--data-dir", directory];
  const child = spawn(join(bin, "demarched"), ["serve", ...listen, ...args], { stdio: ["ignore", "ignore", "pipe"], env: environment });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  test.after(async () => {
    child.kill("SIGKILL");
    await ended;
    rmSync(directory, { recursive: true });
  });
  const server = { log: [] };
  await new Promise((resolve, reject) => {
    ended.then(() => reject(new Error(`demarched did not start:\n${server.log.join("\n")}`)));
    createInterface({ input: child.stderr }).on("line", (line) => {
      server.log.push(line);
      server.address = /serving on (\S+?),/.exec(line)?.[1] ?? server.address;
      server.url = /http on ([\w.:]+)/.exec(line)?.[1]?.replace(/^/, "http://") ?? server.url;
      if (line.includes(" ready")) resolve();
    });
  });
  // As an operator: SIGTERM. Gives the exit code.
  server.stop = () => {
    child.kill("SIGTERM");
    return ended;
  };
  server.metric = async (name) => {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    return Number(text.split("\n").find((line) => line.startsWith(`${name} `))?.slice(name.length));
  };
  return server;
}
