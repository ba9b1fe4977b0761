// Client of demarche. See README.md; the types are in index.d.ts.
export { Client } from "./client.js";
export { Consumer } from "./consumer.js";
export { DemarcheError } from "./errors.js";
export { FilePositions } from "./positions.js";
