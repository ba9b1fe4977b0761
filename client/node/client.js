// The calls of the service.
import { readFileSync } from "node:fs";
import grpc from "@grpc/grpc-js";
import protoLoader from "@grpc/proto-loader";
import { Backoff } from "./backoff.js";
import { Consumer } from "./consumer.js";
import { DemarcheError, decode } from "./errors.js";
import { includeDirs } from "./protos.js";
import { watch } from "./watch.js";

const services = ["event", "ingest", "classifier", "subscription"].map((name) => `demarche/v1/${name}_service.proto`);
const definition = protoLoader.loadSync(services, { includeDirs, longs: String, enums: String, defaults: true, oneofs: true });
const { v1 } = grpc.loadPackageDefinition(definition).demarche;
const LOOPBACK = /^(127\.[\d.]+|localhost|\[::1\]):/;

export class Client {
  #channelOptions = {
    "grpc.keepalive_time_ms": 20_000,
    "grpc.keepalive_timeout_ms": 10_000,
    "grpc.max_reconnect_backoff_ms": 2_000,
    "grpc.max_receive_message_length": 64 << 20,
  };
  #stubs;
  #tokenFile;
  #timeoutMs;

  constructor(server = "127.0.0.1:7345", { caFile, tokenFile, timeoutMs = 60_000 } = {}) {
    if (tokenFile && !caFile && !LOOPBACK.test(server)) {
      throw new Error(`the token would cross the network to ${server} in plaintext: use TLS`);
    }
    const credentials = caFile ? grpc.credentials.createSsl(readFileSync(caFile)) : grpc.credentials.createInsecure();
    this.#tokenFile = tokenFile;
    this.#timeoutMs = timeoutMs;
    const make = (Service) => new Service(server, credentials, this.#channelOptions);
    this.#stubs = {
      events: make(v1.EventService),
      ingest: make(v1.IngestService),
      classifier: make(v1.ClassifierService),
      subscriptions: make(v1.SubscriptionService),
    };
  }

  close() {
    for (const stub of Object.values(this.#stubs)) stub.close();
  }

  #metadata() {
    const metadata = new grpc.Metadata();
    if (this.#tokenFile) metadata.set("authorization", `Bearer ${readFileSync(this.#tokenFile, "ascii").split("\n")[0].trim()}`);
    return metadata;
  }

  #call(stub, method, request) {
    return new Promise((resolve, reject) => {
      const deadline = Date.now() + this.#timeoutMs;
      stub[method](request, this.#metadata(), { deadline }, (error, response) => (error ? reject(decode(error)) : resolve(response)));
    });
  }

  async publish(newsItem, { giveUpAfterMs = 300_000 } = {}) {
    const backoff = new Backoff();
    const end = Date.now() + giveUpAfterMs;
    while (true) {
      try {
        return (await this.#call(this.#stubs.ingest, "publishNewsItem", { newsItem })).result;
      } catch (error) {
        if (!(error instanceof DemarcheError) || !error.mayRetry || Date.now() > end) throw error;
        await backoff.wait(error.retryAfterMs);
      }
    }
  }

  async classify(newsItem) {
    return (await this.#call(this.#stubs.classifier, "classifyNewsItem", { newsItem })).events;
  }

  async *events(filter = "") {
    let pageToken = "";
    do {
      const response = await this.#call(this.#stubs.events, "listEvents", { filter, pageSize: 1000, pageToken });
      yield* response.events;
      pageToken = response.nextPageToken;
    } while (pageToken !== "");
  }

  watch(options = {}) {
    return watch((request) => this.#stubs.events.watchEvents(request, this.#metadata()), options);
  }

  consumer(subscription, options = {}) {
    const { subscriptions } = this.#stubs;
    const lookUp = async () => (await this.#call(subscriptions, "getSubscription", { name: subscription })).subscription;
    return new Consumer({ name: subscription, lookUp, consume: () => subscriptions.consume(this.#metadata()) }, options);
  }
}
