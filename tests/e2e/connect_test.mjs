// Connect and gRPC-Web over the HTTP endpoint, with the transports that browsers use.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fromJson } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";
import { registry, run, sampleItems, scratch, startServer } from "../support/server.mjs";

const [events, ingest, health] = ["demarche.v1.EventService", "demarche.v1.IngestService", "grpc.health.v1.Health"].map((name) =>
  registry.getService(name));
const newsItem = registry.getMessage("demarche.v1.NewsItem");
const [errorInfo, badRequest, retryInfo] = ["ErrorInfo", "BadRequest", "RetryInfo"].map((name) => registry.getMessage(`google.rpc.${name}`));
const accepted = registry.getEnum("demarche.v1.PublishOutcome").values.find((value) => value.name === "PUBLISH_OUTCOME_ACCEPTED").number;
const maxBodyBytes = 4 << 20;

// fetch of Node 20 forgets its signal when memory is collected while an answer is read: the signal is heard here.
async function fetchUntilAborted(input, { signal, ...init }) {
  signal.throwIfAborted();
  const answer = await fetch(input, init);
  const reader = answer.body.getReader();
  const body = new ReadableStream({
    start(controller) {
      signal.addEventListener("abort", () => {
        controller.error(signal.reason);
        reader.cancel();
      });
    },
    async pull(controller) {
      const { done, value } = await reader.read();
      if (signal.aborted) return;
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
  return new Response(body, answer);
}

const transports = Object.fromEntries(
  [
    ["Connect, JSON", createConnectTransport, { useBinaryFormat: false }],
    ["Connect, protobuf", createConnectTransport, { useBinaryFormat: true }],
    ["gRPC-Web, protobuf", createGrpcWebTransport, { useBinaryFormat: true }],
    ["gRPC-Web, JSON", createGrpcWebTransport, { useBinaryFormat: false }],
  ].map(([name, make, format]) => [name, (options) => make({ ...options, ...format, fetch: fetchUntilAborted })]));

const withToken = (token) => (next) => (call) => {
  call.header.set("Authorization", `Bearer ${token}`);
  return next(call);
};

// The error that a promise ends with.
const errorOf = (promise) => promise.then(() => assert.fail("it did not fail"), (error) => ConnectError.from(error));
const reasonOf = (error) => error.findDetails(errorInfo)[0]?.reason;
const nextOf = async (stream) => (await stream.next()).value?.response;

const publish = (client, item) => client.publishNewsItem({ newsItem: fromJson(newsItem, item) });

// The ids of `count` revisions of a watch.
async function idsOf(stream, count) {
  const ids = [];
  while (ids.length < count) {
    const response = await nextOf(stream);
    assert.ok(response, "the stream ended before that");
    if (response.case === "eventBatch") ids.push(...response.value.events.map((event) => event.eventId));
  }
  return ids;
}

async function until(what) {
  while (!(await what())) await new Promise((resolve) => setTimeout(resolve, 50));
}

for (const [name, transportOf] of Object.entries(transports)) {
  test(`${name}: items go in, events come out as gRPC has them`, async (t) => {
    const server = await startServer(t);
    const transport = transportOf({ baseUrl: server.url });
    const publisher = createClient(ingest, transport);
    const reader = createClient(events, transport);
    const stop = new AbortController();
    const live = reader.watchEvents({}, { signal: stop.signal })[Symbol.asyncIterator]();
    assert.equal((await nextOf(live)).case, "started");
    assert.equal(await server.metric("demarche_http_streams"), 1);
    for (const item of sampleItems()) assert.equal((await publish(publisher, item)).result.outcome, accepted);
    const told = (await run("demarche", "watch", "-o", "jsonl", "--earliest", "--until-caught-up", "--server", server.address))
      .trim().split("\n").map((line) => JSON.parse(line).event.eventId);
    assert.ok(told.length > 10);
    assert.deepEqual(await idsOf(live, told.length), told);
    const listed = await reader.listEvents({ pageSize: 1000 });
    assert.deepEqual(listed.events.map((event) => event.eventId).sort(), [...new Set(told)].sort());
    stop.abort();
    assert.equal((await errorOf(live.next())).code, Code.Canceled);
    await until(async () => (await server.metric("demarche_http_streams")) === 0);
    assert.equal((await createClient(health, transport).check({})).status, 1);
  });

  test(`${name}: errors come with their details`, async (t) => {
    const server = await startServer(t);
    const transport = transportOf({ baseUrl: server.url });
    const reader = createClient(events, transport);
    const badFilter = await errorOf(reader.listEvents({ filter: "kind = " }));
    assert.deepEqual([badFilter.code, reasonOf(badFilter)], [Code.InvalidArgument, "FILTER_INVALID"]);
    assert.equal(badFilter.findDetails(errorInfo)[0].domain, "demarche");
    const badItem = await errorOf(publish(createClient(ingest, transport), { newsItemId: "ü".repeat(100), body: "Text." }));
    assert.equal(reasonOf(badItem), "ITEM_INVALID");
    const [violation] = badItem.findDetails(badRequest)[0].fieldViolations;
    assert.match(violation.field, /news_item/);
    assert.ok(badItem.rawMessage.includes(violation.description));
    const absent = await errorOf(reader.getEvent({ eventId: "é%\n" }));
    assert.equal(absent.code, Code.NotFound);
    const badStart = reader.watchEvents({ start: { start: { case: "after", value: "nonsense" } } })[Symbol.asyncIterator]();
    const badPosition = await errorOf(badStart.next());
    assert.deepEqual([badPosition.code, reasonOf(badPosition)], [Code.InvalidArgument, "CURSOR_MALFORMED"]);
  });

  test(`${name}: a stream ends with the server, and says why`, async (t) => {
    const server = await startServer(t);
    const live = createClient(events, transportOf({ baseUrl: server.url })).watchEvents({})[Symbol.asyncIterator]();
    assert.equal((await nextOf(live)).case, "started");
    const stopped = server.stop();
    const seen = [];
    const error = await errorOf((async () => {
      for (;;) seen.push((await nextOf(live)).case);
    })());
    assert.equal(seen.at(-1), "draining");
    assert.deepEqual([error.code, reasonOf(error)], [Code.Unavailable, "DRAINING"]);
    assert.equal(await stopped, 0);
  });

  test(`${name}: tokens and scopes count as over gRPC`, async (t) => {
    const tokens = join(scratch(t), "tokens");
    const [desk, wire] = await Promise.all(
      [["desk", "subscribe"], ["wire", "publish"]].map(async ([who, scope]) =>
        (await run("demarched", "token", "add", who, "--file", `${tokens}-${who}`, "--scopes", scope)).trim()));
    const server = await startServer(t, "--token-file", `${tokens}-desk`);
    const clientOf = (...interceptors) => createClient(events, transportOf({ baseUrl: server.url, interceptors }));
    const missing = await errorOf(clientOf().listEvents({}));
    assert.deepEqual([missing.code, reasonOf(missing)], [Code.Unauthenticated, "TOKEN_MISSING"]);
    const unknown = await errorOf(clientOf(withToken(wire)).listEvents({}));
    assert.deepEqual([unknown.code, reasonOf(unknown)], [Code.Unauthenticated, "TOKEN_INVALID"]);
    const unfit = await errorOf(clientOf(withToken(desk)).listEvents({}));
    assert.deepEqual([unfit.code, reasonOf(unfit)], [Code.PermissionDenied, "SCOPE_MISSING"]);
    const refused = await errorOf(clientOf().watchEvents({})[Symbol.asyncIterator]().next());
    assert.deepEqual([refused.code, reasonOf(refused)], [Code.Unauthenticated, "TOKEN_MISSING"]);
    const stop = new AbortController();
    const admitted = clientOf(withToken(desk)).watchEvents({}, { signal: stop.signal })[Symbol.asyncIterator]();
    assert.equal((await nextOf(admitted)).case, "started");
    stop.abort();
  });

  test(`${name}: streams beyond the limit are told to come back`, async (t) => {
    const server = await startServer(t, "--http-streams", "2");
    const transport = transportOf({ baseUrl: server.url });
    const reader = createClient(events, transport);
    const stop = new AbortController();
    const open = () => reader.watchEvents({}, { signal: stop.signal })[Symbol.asyncIterator]();
    assert.equal((await nextOf(open())).case, "started");
    const page = await fetchUntilAborted(`${server.url}/v1/events:watch`, { signal: stop.signal });
    assert.equal(page.status, 200);
    let retryAfter;
    const call = reader.watchEvents({}, { onHeader: (header) => (retryAfter = header.get("Retry-After")) });
    const full = await errorOf(call[Symbol.asyncIterator]().next());
    assert.deepEqual([full.code, reasonOf(full)], [Code.ResourceExhausted, "QUOTA_EXCEEDED"]);
    assert.ok(full.findDetails(retryInfo)[0].retryDelay.seconds > 0n);
    assert.ok(Number(retryAfter) > 0);
    assert.equal((await fetch(`${server.url}/v1/events:watch`)).status, 503);
    assert.deepEqual((await reader.listEvents({})).events, []);
    stop.abort();
    await until(async () => (await server.metric("demarche_http_streams")) === 0);
    const again = reader.watchEvents({})[Symbol.asyncIterator]();
    assert.equal((await nextOf(again)).case, "started");
  });

  test(`${name}: a message above the limit is refused, and the server goes on`, async (t) => {
    const server = await startServer(t);
    const transport = transportOf({ baseUrl: server.url });
    const item = { newsItemId: "long", publisher: "Test", body: "x".repeat(maxBodyBytes) };
    const error = await errorOf(publish(createClient(ingest, transport), item));
    assert.equal(error.code, Code.InvalidArgument);
    assert.match(error.rawMessage, new RegExp(`body: more than ${maxBodyBytes} bytes`));
    const shorter = await errorOf(publish(createClient(ingest, transport), { ...item, body: "x".repeat(maxBodyBytes / 2) }));
    assert.equal(reasonOf(shorter), "ITEM_TOO_LARGE");
    assert.deepEqual((await createClient(events, transport).listEvents({})).events, []);
  });
}

test("a client that has gone is noticed though its stream is silent", async (t) => {
  const server = await startServer(t);
  const stop = new AbortController();
  const watch = createClient(health, transports["Connect, JSON"]({ baseUrl: server.url })).watch({}, { signal: stop.signal });
  assert.equal((await watch[Symbol.asyncIterator]().next()).value.status, 1);
  assert.equal(await server.metric("demarche_http_streams"), 1);
  stop.abort();
  await until(async () => (await server.metric("demarche_http_streams")) === 0);
});
