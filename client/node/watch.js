// One watch over as many connections as it takes, without a gap or a repeat.
import grpc from "@grpc/grpc-js";
import { Backoff } from "./backoff.js";
import { DemarcheError } from "./errors.js";
import { SILENCE_LIMIT_MS, eventsOf, messagesOf, serverEnded } from "./stream.js";

function toTimestamp(date) {
  const ms = date.getTime();
  return { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1e6 };
}

function startOf({ after, since, earliest }) {
  if (after) return { after };
  if (since) return { time: toTimestamp(since) };
  return earliest ? { earliest: true } : { latest: true };
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
          const events = eventsOf(message.eventBatch);
          for (const seen of events) {
            yield seen;
            start = { after: seen.position }; // asked for more: this one has been dealt with
          }
          if (events.length > 0) await keep(events.at(-1).position);
        } else if (message.gap) {
          throw new DemarcheError(grpc.status.DATA_LOSS, `${message.gap.lost} revisions after ${message.gap.after} no longer exist`);
        } else if (message.progress) {
          await keep(message.progress.position);
        } else if (message.caughtUp) {
          await keep(message.caughtUp.position);
          if (untilCaughtUp) return;
        }
      }
      throw serverEnded();
    } catch (error) {
      if (!(error instanceof DemarcheError) || !error.mayRetry) throw error;
      await backoff.wait(error.retryAfterMs);
    }
  }
}
