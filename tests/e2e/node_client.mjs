// Watches from the earliest position until the live end and prints the event ids as a JSON list.  node node_client.mjs HOST:PORT
import grpc from "@grpc/grpc-js";
import protoLoader from "@grpc/proto-loader";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const definition = protoLoader.loadSync("demarche/v1/event_service.proto", {
  includeDirs: [`${root}/proto`, `${root}/node_modules/google-proto-files`],
  oneofs: true,
});
const { demarche } = grpc.loadPackageDefinition(definition);
const client = new demarche.v1.EventService(process.argv[2], grpc.credentials.createInsecure());
const ids = [];
const call = client.watchEvents({ start: { earliest: true } });
call.on("data", (message) => {
  if (message.eventBatch) ids.push(...message.eventBatch.events.map((event) => event.eventId));
  if (message.caughtUp) call.cancel();
});
call.on("error", (error) => {
  if (error.code !== grpc.status.CANCELLED) throw error;
  console.log(JSON.stringify(ids));
  client.close();
});
