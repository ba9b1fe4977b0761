// Works on the events of a durable subscription: prints each and acknowledges it. What fails is delivered again, to this program or to
// another of the group. Ends after COUNT events, or with Ctrl-C when what is under way is done.   consume.js HOST:PORT SUBSCRIPTION [COUNT]
import { Client } from "../index.js";

const [server, subscription, count] = process.argv.slice(2);
const client = new Client(server);
const consumer = client.consumer(subscription, { limit: Number(count ?? 0) });
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => consumer.stop());
try {
  const onFailure = ({ position }, cause, delayMs) => console.error(`${position}: ${cause}; again in ${delayMs} ms`);
  await consumer.run((delivery) => console.log(delivery.position, delivery.event.kind, delivery.count), { onFailure });
} catch (error) {
  console.error(String(error));
  process.exitCode = 1;
}
client.close();
