// One watch over as many connections as it takes, without a gap or a repeat.
import grpc from "@grpc/grpc-js";
import { Backoff } from "./backoff.js";
import { DemarcheError, decode } from "./errors.js";

// The server says something at least every 15 s. Three times in a row missed: the connection is dead, not idle.
const SILENCE_LIMIT_MS = 45_000;

function toTimestamp(date) {
  const ms = date.getTime();
  return { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1e6 };
}

function startOf({ after, since, earliest }) {
  if (after) return { after };
  if (since) return { time: toTimestamp(since) };
  return earliest ? { earliest: true } : { latest: true };
}

// The messages of one call; ends the call when nothing came for too long.
async function* messagesOf(call, silenceLimitMs) {
  const messages = call[Symbol.asyncIterator]();
  try {
    while (true) {
      let timer;
      const silence = new Promise((_, reject) => {
        timer = setTimeout(
          () => reject(new DemarcheError(grpc.status.UNAVAILABLE, `nothing was heard for ${silenceLimitMs} ms`)), silenceLimitMs);
      });
      const next = messages.next();
      next.catch(() => {}); // where the silence came first
      let result;
      try {
        result = await Promise.race([next, silence]);
      } finally {
        clearTimeout(timer);
      }
      if (result.done) throw new DemarcheError(grpc.status.UNAVAILABLE, "the server ended the stream");
      yield result.value;
    }
  } finally {
    call.on("error", () => {}); // that it was cancelled
    call.cancel();
  }
}

export async function* watch(open, { filters = [], positions, untilCaughtUp = false, silenceLimitMs = SILENCE_LIMIT_MS, ...from }) {
  let kept = positions ? await positions.load() : "";
  let start = kept ? { after: kept } : startOf(from);
  const named = filters.map((filter, index) => ({ name: `filter-${index + 1}`, filter }));
  const backoff = new Backoff();
  const keep = async (position) => {
    if (positions && position !== kept) await positions.save(position);
    kept = position;
    start = { after: position };
  };
  while (true) {
    try {
      for await (const message of messagesOf(open({ filters: named, start }), silenceLimitMs)) {
        backoff.reset();
        if (message.eventBatch) {
          const { events, positions: at, appendTimes, filterExit } = message.eventBatch;
          for (const [index, event] of events.entries()) {
            const { seconds, nanos } = appendTimes[index];
            const appendTime = new Date(Number(seconds) * 1000 + nanos / 1e6);
            yield { event, position: at[index], appendTime, filterExit: filterExit[index] ?? false };
            start = { after: at[index] }; // asked for more: this one has been dealt with
          }
          if (at.length > 0) await keep(at.at(-1));
        } else if (message.gap) {
          throw new DemarcheError(grpc.status.DATA_LOSS, `${message.gap.lost} revisions after ${message.gap.after} no longer exist`);
        } else if (message.progress) {
          await keep(message.progress.position);
        } else if (message.caughtUp) {
          await keep(message.caughtUp.position);
          if (untilCaughtUp) return;
        }
      }
    } catch (raised) {
      const error = raised instanceof DemarcheError || raised.code === undefined || raised.metadata === undefined ? raised : decode(raised);
      if (!(error instanceof DemarcheError) || !error.mayRetry) throw error;
      await backoff.wait(error.retryAfterMs);
    }
  }
}
