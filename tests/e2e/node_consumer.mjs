// As python_consumer.py, with the Node package.   node node_consumer.mjs HOST:PORT OPTIONS
import grpc from "@grpc/grpc-js";
import { Client, DemarcheError } from "../../client/node/index.js";

const { refuse = 0, stop_after: stopAfter = 0, cancel, late, hold, ...options } = JSON.parse(process.argv[3]);
const say = (what) => console.log(JSON.stringify(what));
const client = new Client(process.argv[2]);
const consumer = client.consumer("desk", {
  maxInHand: options.max_in_hand,
  limit: options.limit,
  reconnect: options.reconnect,
  silenceLimitMs: options.silence_limit && options.silence_limit * 1000,
  closeTimeoutMs: options.close_timeout && options.close_timeout * 1000,
  onAckResult: ({ confirmedRanges }) => confirmedRanges.forEach(({ firstPosition }) => say({ confirmed: firstPosition })),
  onReconnect: (error) => say({ reconnect: String(error) }),
});
process.on("SIGTERM", () => consumer.stop());

let delivered = 0;
function sayDelivered({ position, event, count }) {
  delivered += 1;
  say({ delivered: position, id: event.eventId, count });
}

async function handle(delivery) {
  sayDelivered(delivery);
  if (delivered === stopAfter) consumer.stop();
  if (cancel) consumer.cancel();
  if (delivery.count <= refuse) throw new Error("not yet");
}

async function workLate() {
  let before;
  for await (const delivery of consumer) {
    sayDelivered(delivery);
    if (before) say({ acknowledged: consumer.ack(before) });
    before = delivery;
  }
  await consumer.close();
}

try {
  if (hold) for await (const delivery of consumer) sayDelivered(delivery);
  else if (late) await workLate();
  else await consumer.run(handle, { retryFirstMs: 10, onFailure: (_, { message }, delayMs) => say({ failed: message, delay_ms: delayMs }) });
  say({ end: "" });
} catch (error) {
  if (!(error instanceof DemarcheError)) throw error;
  say({ end: String(error), code: grpc.status[error.code], reason: error.reason, metadata: error.metadata });
}
client.close();
