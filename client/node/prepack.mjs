// Before `npm pack`: the protos the package loads, and the types generated from them.
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../..");
for (const folder of ["proto", "types"]) rmSync(join(here, folder), { recursive: true, force: true });
cpSync(join(root, "proto/demarche/v1"), join(here, "proto/demarche/v1"), { recursive: true });
mkdirSync(join(here, "proto/google/rpc"), { recursive: true });
for (const name of ["status", "error_details"]) {
  cpSync(join(root, `node_modules/google-proto-files/google/rpc/${name}.proto`), join(here, `proto/google/rpc/${name}.proto`));
}
const loader = dirname(createRequire(import.meta.url).resolve("@grpc/proto-loader/package.json"));
const services = ["event", "ingest", "classifier", "subscription"].map((name) => `demarche/v1/${name}_service.proto`);
execFileSync(process.execPath, [join(loader, "build/bin/proto-loader-gen-types.js"), "--longs=String", "--enums=String", "--defaults",
  "--oneofs", "--grpcLib=@grpc/grpc-js", "--importFileExtension=.js", `--includeDirs=${join(here, "proto")}`,
  `--outDir=${join(here, "types")}`, ...services]);
