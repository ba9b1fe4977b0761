// Where the protos are: in the package, or in the tree that it stands in.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import protobuf from "protobufjs";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const packed = path("./proto");
export const includeDirs = existsSync(packed) ? [packed] : [path("../../proto"), path("../../node_modules/google-proto-files")];

/** The messages of google.rpc, to decode the details of errors with. */
export const rpc = new protobuf.Root();
rpc.resolvePath = (_, target) => {
  const found = includeDirs.map((folder) => `${folder}/${target}`).find((file) => existsSync(file));
  return found ?? target;
};
rpc.loadSync(["google/rpc/status.proto", "google/rpc/error_details.proto"]);
