// What the streams of the service have in common: their messages as they come, and how they end.
import grpc from "@grpc/grpc-js";
import { DemarcheError, decode } from "./errors.js";

// The server says something at least every 15 s. Three times in a row missed: the connection is dead, not idle.
export const SILENCE_LIMIT_MS = 45_000;

/**
 * The messages of a call, until the server ends it without an error; otherwise throws what is wrong, decoded. Ends the call when nothing
 * came for so long, and when no more are asked for.
 */
export async function* messagesOf(call, silenceLimitMs) {
  const messages = call[Symbol.asyncIterator]();
  try {
    while (true) {
      const { done, value } = await within(messages.next(), silenceLimitMs);
      if (done) return;
      yield value;
    }
  } catch (error) {
    const isOfGrpc = error.code !== undefined && error.metadata !== undefined && !(error instanceof DemarcheError);
    throw isOfGrpc ? decode(error) : error;
  } finally {
    call.on("error", () => {}); // that it was cancelled
    call.cancel();
  }
}

async function within(next, silenceLimitMs) {
  next.catch(() => {}); // where the silence came first
  let timer;
  const silence = new Promise((_, reject) => {
    const error = new DemarcheError(grpc.status.UNAVAILABLE, `nothing was heard of the server for ${silenceLimitMs} ms`);
    timer = setTimeout(() => reject(error), silenceLimitMs);
  });
  try {
    return await Promise.race([next, silence]);
  } finally {
    clearTimeout(timer);
  }
}

/** Of a stream that the server ended without an error: it is on its way down. */
export function serverEnded() {
  return new DemarcheError(grpc.status.UNAVAILABLE, "the server ended the stream");
}

/** The revisions of a batch, each with what stands beside it. */
export function eventsOf({ events, positions, appendTimes, filterExit }) {
  return events.map((event, index) => {
    const { seconds, nanos } = appendTimes[index];
    const appendTime = new Date(Number(seconds) * 1000 + nanos / 1e6);
    return { event, position: positions[index], appendTime, filterExit: filterExit[index] ?? false };
  });
}
