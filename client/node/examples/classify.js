// Shows the events of a text, which is not stored.   classify.js HOST:PORT TEXT
import { Client } from "../index.js";

const client = new Client(process.argv[2]);
const publishTime = { seconds: Math.floor(Date.now() / 1000) };
for (const event of await client.classify({ body: process.argv[3], publishTime })) console.log(event.kind, event.confidence.toFixed(2));
client.close();
