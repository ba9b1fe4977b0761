// Prints the events that match, to the live end, and goes on there the next time.   watch.js HOST:PORT POSITION_FILE [FILTER]
import { Client, FilePositions } from "../index.js";

const [server, positionFile, ...filters] = process.argv.slice(2);
const client = new Client(server);
try {
  const options = { filters, earliest: true, positions: new FilePositions(positionFile), untilCaughtUp: true };
  for await (const { event } of client.watch(options)) console.log(event.eventId, event.kind);
} catch (error) {
  console.error(String(error));
  process.exitCode = 1;
}
client.close();
