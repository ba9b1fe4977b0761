import type { AckResult__Output } from "./types/demarche/v1/AckResult.js";
import type { ClassifyNewsItemResponse__Output } from "./types/demarche/v1/ClassifyNewsItemResponse.js";
import type { DiplomaticEvent__Output } from "./types/demarche/v1/DiplomaticEvent.js";
import type { Gap__Output } from "./types/demarche/v1/Gap.js";
import type { NewsItem } from "./types/demarche/v1/NewsItem.js";
import type { PublishResult__Output } from "./types/demarche/v1/PublishResult.js";

export type { NewsItem };
export type DiplomaticEvent = DiplomaticEvent__Output;
export type AckResult = AckResult__Output;
export type Gap = Gap__Output;
export type PublishResult = PublishResult__Output;
export type ClassifyResponse = ClassifyNewsItemResponse__Output;

/** What went wrong. */
export class DemarcheError extends Error {
  /** grpc.status */
  code: number;
  /** For programs, as in demarche/v1/errors.proto; empty when no server answered. */
  reason: string;
  metadata: Record<string, string>;
  violations: { field: string; description: string }[];
  retryAfterMs?: number;
  /** The same call may succeed later. */
  readonly mayRetry: boolean;
}

/** One that keeps the position together with the results makes the effects exactly once; any other, at least once. */
export interface Positions {
  /** The position saved last; empty when there is none. */
  load(): Promise<string>;
  save(position: string): Promise<void>;
}

/** One position in a file, which is replaced as a whole. One process at a time. */
export class FilePositions implements Positions {
  constructor(path: string);
  load(): Promise<string>;
  save(position: string): Promise<void>;
}

export interface WatchedEvent {
  event: DiplomaticEvent;
  /** A watch `after` it goes on with the next revision. */
  position: string;
  /** When it became durable, by the server's clock. */
  appendTime: Date;
  /** The revision before matched the filters and this one does not. */
  filterExit: boolean;
}

export interface WatchOptions {
  filters?: string[];
  /** One of the three, or none for the next revision on. */
  after?: string;
  since?: Date;
  earliest?: boolean;
  /** The watch begins after the position kept there, when there is one. */
  positions?: Positions;
  untilCaughtUp?: boolean;
  /** 45 s: three missed Progress. */
  silenceLimitMs?: number;
}

/** A revision that a durable subscription leased to this consumer. */
export interface Delivery extends WatchedEvent {
  /** Deliveries to the group so far, this one included. */
  count: number;
  /** Unless acknowledged by then it is delivered again. */
  leaseEnd: Date;
  /** The consumer's own: a lease ends with the connection that it came over. */
  connection: number;
}

/** The callbacks are called while the next delivery is waited for, or the end. */
export interface ConsumerOptions {
  /** Deliveries in hand at most: waiting here, handed out, or on the way. 64; not more than can be dealt with within a lease. */
  maxInHand?: number;
  /** Ends after so many deliveries, and leases no more than those. */
  limit?: number;
  /** Connects again when the connection breaks, falls silent, the server goes away, or the subscription was moved. True. */
  reconnect?: boolean;
  /** 45 s: three missed Progress. */
  silenceLimitMs?: number;
  /** How long the end waits for confirmations. 10 s. */
  closeTimeoutMs?: number;
  /** Told before each wait: why the stream ended, and for how long will be waited. */
  onReconnect?: (error: DemarcheError, waitMs: number) => void;
  /**
   * Told of acknowledgements that are on the server's disk, and of those that came too late: their events went to another consumer, or
   * became dead letters.
   */
  onAckResult?: (result: AckResult) => void;
  /** Told of events that were dropped by the server's retention before they were delivered. */
  onGap?: (gap: Gap) => void;
}

export interface RunOptions {
  /** What failed is delivered again after so long, 1 s, and each further time after twice the time before, ... */
  retryFirstMs?: number;
  /** ... up to this, 1 min; at most 10 min. */
  retryLongestMs?: number;
  /** Told of each failure, with the delay. */
  onFailure?: (delivery: Delivery, cause: unknown, delayMs: number) => void;
}

/**
 * Takes part in a durable subscription: at least once, and not again once an acknowledgement is confirmed. What waits here when its lease
 * or its connection ends is not handed out. Made by `Client.consumer`. One `next`, `run` or `close` at a time.
 */
export class Consumer implements AsyncIterable<Delivery> {
  private constructor();
  /** Waits for the next delivery. Undefined when there will be none, as the limit is reached or it was stopped; throws what ended it. */
  next(): Promise<Delivery | undefined>;
  /** As `next`. When it is left, `close` or `cancel` is still to be called. */
  [Symbol.asyncIterator](): AsyncGenerator<Delivery>;
  /** It has been dealt with. False when its lease went with its connection: it will be delivered again. */
  ack(delivery: Delivery): boolean;
  /** It could not be dealt with: it is to be delivered again after the delay, at most 10 min. False as above. */
  nack(delivery: Delivery, delayMs?: number): boolean;
  /**
   * Hands each delivery to `handler`, one at a time and in the order of delivery, and acknowledges what it dealt with, until there are no
   * more; then closes. What it threw for is delivered again.
   */
  run(handler: (delivery: Delivery) => unknown, options?: RunOptions): Promise<void>;
  /** No more is handed out: `run` ends when its handler has come back and what it dealt with is confirmed. */
  stop(): void;
  /** Ends at once, without waiting for confirmations. What was not confirmed is delivered again. */
  cancel(): void;
  /** Takes no more deliveries and waits until what was acknowledged is confirmed. Throws why that did not come. */
  close(): Promise<void>;
}

export class Client {
  /** With `caFile` (PEM) the connection is TLS. The first line of `tokenFile` is sent as bearer token, read at each call. */
  constructor(server?: string, options?: { caFile?: string; tokenFile?: string; timeoutMs?: number });
  /** Publishes an item and waits until it is on disk. While the server is away it is sent again: it is stored once. */
  publish(item: NewsItem, options?: { giveUpAfterMs?: number }): Promise<PublishResult>;
  /** The events of an item, which is not stored. */
  classify(item: NewsItem): Promise<DiplomaticEvent[]>;
  /** The latest revisions of all events that match, oldest first. */
  events(filter?: string): AsyncGenerator<DiplomaticEvent>;
  /** Revisions as they come, over as many connections as it takes. A gap is an error, never passed over. */
  watch(options?: WatchOptions): AsyncGenerator<WatchedEvent>;
  /** Takes part in a durable subscription, which is there already, over as many connections as it takes. */
  consumer(subscription: string, options?: ConsumerOptions): Consumer;
  close(): void;
}
