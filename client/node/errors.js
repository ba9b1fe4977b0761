// A failed call, decoded: the status with what the server added in google.rpc details.
import grpc from "@grpc/grpc-js";
import { rpc } from "./protos.js";

const { status } = grpc;

export class DemarcheError extends Error {
  constructor(code, message) {
    super(message);
    this.name = "DemarcheError";
    this.code = code;
    this.reason = "";
    this.metadata = {};
    this.violations = [];
    this.retryAfterMs = undefined;
  }

  get mayRetry() {
    if (this.code === status.UNAVAILABLE) return true;
    if (this.code === status.INTERNAL || this.code === status.UNKNOWN) return this.reason === "";
    return this.code === status.RESOURCE_EXHAUSTED && (this.reason === "SLOW_CONSUMER" || this.retryAfterMs !== undefined);
  }

  toString() {
    const fields = this.violations.filter(({ description }) => !this.message.includes(description));
    return `${this.reason || status[this.code]}: ${this.message}` + fields.map((one) => `; ${one.field}: ${one.description}`).join("");
  }
}

/** The error of a call of grpc-js. */
export function decode(error) {
  // A bare CANCELLED comes from a server on its way down, unless it is our own.
  const isDropped = error.code === status.CANCELLED && error.details !== "Cancelled on client";
  const decoded = isDropped
    ? new DemarcheError(status.UNAVAILABLE, "the server ended the call")
    : new DemarcheError(error.code ?? status.UNKNOWN, error.details ?? error.message);
  for (const bytes of error.metadata?.get("grpc-status-details-bin") ?? []) {
    for (const detail of rpc.lookupType("google.rpc.Status").decode(bytes).details) add(decoded, detail);
  }
  return decoded;
}

function add(decoded, detail) {
  const name = (detail.type_url ?? detail.typeUrl).split("/").pop();
  if (!["google.rpc.ErrorInfo", "google.rpc.BadRequest", "google.rpc.RetryInfo"].includes(name)) return;
  const message = rpc.lookupType(name).decode(detail.value);
  if (name === "google.rpc.ErrorInfo") {
    decoded.reason = message.reason;
    Object.assign(decoded.metadata, message.metadata);
  } else if (name === "google.rpc.BadRequest") {
    decoded.violations.push(...message.fieldViolations.map(({ field, description }) => ({ field, description })));
  } else if (message.retryDelay) {
    decoded.retryAfterMs = Number(message.retryDelay.seconds ?? 0) * 1000 + (message.retryDelay.nanos ?? 0) / 1e6;
  }
}
