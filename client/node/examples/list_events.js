// Lists the latest revisions of events.   list_events.js HOST:PORT [FILTER]
import { Client } from "../index.js";

const client = new Client(process.argv[2]);
for await (const event of client.events(process.argv[3])) console.log(event.eventId, event.kind);
client.close();
