import type { ClassifyNewsItemResponse__Output } from "./types/demarche/v1/ClassifyNewsItemResponse";
import type { DiplomaticEvent__Output } from "./types/demarche/v1/DiplomaticEvent";
import type { NewsItem } from "./types/demarche/v1/NewsItem";
import type { PublishResult__Output } from "./types/demarche/v1/PublishResult";

export type { NewsItem };
export type DiplomaticEvent = DiplomaticEvent__Output;
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
  close(): void;
}
