// Publishes one item.   publish.js HOST:PORT PUBLISHER TEXT
import { Client } from "../index.js";

const [server, publisher, body] = process.argv.slice(2);
const client = new Client(server);
try {
  const publishTime = { seconds: Math.floor(Date.now() / 1000) };
  const result = await client.publish({ publisher, body, publishTime }, { giveUpAfterMs: 10_000 });
  console.log(result.outcome, result.eventIds.length, "events");
} catch (error) {
  console.error(String(error));
  process.exitCode = 1;
}
client.close();
