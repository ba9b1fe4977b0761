// A consumer of a durable subscription over as many connections as it takes.
import grpc from "@grpc/grpc-js";
import { Backoff } from "./backoff.js";
import { ConsumeStream } from "./consume_stream.js";
import { DemarcheError } from "./errors.js";
import { SILENCE_LIMIT_MS, eventsOf, serverEnded } from "./stream.js";

// Only the look-up has a deadline.
function mayConsumeAgain(error) {
  return error.mayRetry || error.reason === "LEASE_LOST" || error.code === grpc.status.DEADLINE_EXCEEDED;
}

export class Consumer {
  #calls;
  #options;
  #backoff = new Backoff();
  #waiting = [];
  #handedOut = 0;
  #stream;
  #connection = 0; // counts streams
  #error; // of the end
  #isStopped = false;
  #wake = () => {};

  constructor(calls, { maxInHand = 64, limit = 0, reconnect = true, silenceLimitMs = SILENCE_LIMIT_MS, closeTimeoutMs = 10_000, ...told }) {
    if (!(maxInHand >= 1 && limit >= 0)) throw new RangeError(`maxInHand is ${maxInHand}, at least 1; limit is ${limit}, at least 0`);
    this.#calls = calls;
    this.#options = { maxInHand, limit: limit || Infinity, reconnect, silenceLimitMs, closeTimeoutMs, ...told };
  }

  async *[Symbol.asyncIterator]() {
    for (let delivery = await this.next(); delivery; delivery = await this.next()) yield delivery;
  }

  async next() {
    while (!this.#isStopped && this.#handedOut < this.#options.limit) {
      const delivery = this.#takeWaiting();
      if (delivery) {
        this.#handedOut += 1;
        return delivery;
      }
      const stream = (this.#stream ??= this.#open());
      await this.#until(() => stream.responses.length > 0 || stream.hasEnded || this.#isStopped);
      if (stream.responses.length > 0) this.#take(stream);
      else if (!this.#isStopped) await this.#reconnect(stream);
    }
    return undefined;
  }

  ack(delivery) {
    return this.#isOfNow(delivery) && this.#stream.ack(delivery.position);
  }

  nack(delivery, delayMs = 0) {
    return this.#isOfNow(delivery) && this.#stream.nack(delivery.position, delayMs);
  }

  async run(handler, { retryFirstMs = 1000, retryLongestMs = 60_000, onFailure } = {}) {
    try {
      for await (const delivery of this) {
        try {
          await handler(delivery);
        } catch (error) {
          const delayMs = Math.min(retryFirstMs * 2 ** (delivery.count - 1), retryLongestMs);
          onFailure?.(delivery, error, delayMs);
          this.nack(delivery, delayMs);
          continue;
        }
        this.ack(delivery);
      }
      await this.close();
    } finally {
      this.cancel();
    }
  }

  stop() {
    this.#isStopped = true;
    this.#wake();
  }

  cancel() {
    this.stop();
    this.#stream?.cancel();
  }

  async close() {
    this.stop();
    const stream = this.#stream;
    if (stream) {
      stream.endWrites();
      await this.#until(() => stream.hasEnded, this.#options.closeTimeoutMs);
      while (stream.responses.length > 0) this.#tell(stream.responses.shift());
      this.#stream = undefined;
      this.#error = stream.hasEnded ? stream.error : this.#unconfirmed();
      stream.cancel();
    }
    if (this.#error) throw this.#error;
  }

  #unconfirmed() {
    const ms = this.#options.closeTimeoutMs;
    return new DemarcheError(grpc.status.UNAVAILABLE, `what was acknowledged was not confirmed within ${ms} ms`);
  }

  #isOfNow(delivery) {
    return this.#stream !== undefined && delivery.connection === this.#connection;
  }

  // Waits until it holds, or for so long.
  async #until(condition, ms) {
    let isOver = false;
    const end = () => {
      isOver = true;
      this.#wake();
    };
    const timer = ms === undefined ? undefined : setTimeout(end, ms);
    while (!isOver && !condition()) await new Promise((resolve) => (this.#wake = resolve));
    clearTimeout(timer);
  }

  #open() {
    const { limit, maxInHand, silenceLimitMs } = this.#options;
    const wanted = limit - this.#handedOut;
    const credit = Math.min(maxInHand, wanted);
    this.#connection += 1;
    this.#error = undefined;
    return new ConsumeStream(this.#calls, { credit, ungranted: wanted - credit, silenceLimitMs, wake: () => this.#wake() });
  }

  async #reconnect(stream) {
    this.#stream = undefined;
    this.#error = stream.error ?? serverEnded();
    if (stream.wasHeard) this.#backoff.reset();
    const error = this.#error;
    if (!this.#options.reconnect || !(error instanceof DemarcheError) || !mayConsumeAgain(error)) throw error;
    const ms = this.#backoff.next(error.retryAfterMs);
    this.#options.onReconnect?.(error, ms);
    await this.#until(() => this.#isStopped, ms);
  }

  // The first that may still be worked on.
  #takeWaiting() {
    const now = Date.now();
    while (this.#waiting.length > 0) {
      const delivery = this.#waiting.shift();
      if (!this.#stream || this.#stream.hasEnded) this.#waiting = [];
      else if (delivery.leaseEnd.getTime() <= now) this.#stream.grant();
      else return delivery;
    }
    return undefined;
  }

  #take(stream) {
    const response = stream.responses.shift();
    this.#tell(response);
    const batch = response.message?.eventBatch;
    if (!batch) return;
    const leaseEnd = new Date(Date.now() + stream.leaseMs);
    for (const [index, seen] of eventsOf(batch).entries()) {
      this.#waiting.push({ ...seen, count: batch.deliveryCounts[index] ?? 1, leaseEnd, connection: this.#connection });
    }
  }

  #tell({ ackResult, message }) {
    if (ackResult) this.#options.onAckResult?.(ackResult);
    if (message?.gap) this.#options.onGap?.(message.gap);
  }
}
