// Connect and gRPC-Web over the HTTP endpoint, with the transports that browsers use, and by hand where these do not reach.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { createFileRegistry, fromBinary, fromJson } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";
import { run, sampleItems, scratch, startServer } from "../support/server.mjs";

const descriptors = readFileSync(join(process.env.DEMARCHE_STUBS, "descriptors.binpb"));
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptors));
const [events, ingest, health] = ["demarche.v1.EventService", "demarche.v1.IngestService", "grpc.health.v1.Health"].map((name) =>
  registry.getService(name));
const newsItem = registry.getMessage("demarche.v1.NewsItem");
const [errorInfo, badRequest, retryInfo] = ["ErrorInfo", "BadRequest", "RetryInfo"].map((name) => registry.getMessage(`google.rpc.${name}`));
const accepted = registry.getEnum("demarche.v1.PublishOutcome").values.find((value) => value.name === "PUBLISH_OUTCOME_ACCEPTED").number;
const maxBodyBytes = 4 << 20;
const watchEvents = "/demarche.v1.EventService/WatchEvents";
const listEvents = "/demarche.v1.EventService/ListEvents";

const transports = {
  "Connect, JSON": (options) => createConnectTransport(options),
  "Connect, protobuf": (options) => createConnectTransport({ ...options, useBinaryFormat: true }),
  "gRPC-Web, protobuf": (options) => createGrpcWebTransport(options),
  "gRPC-Web, JSON": (options) => createGrpcWebTransport({ ...options, useBinaryFormat: false }),
};

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

// What is in the envelopes of an answer: [flags, bytes] of each.
function envelopesOf(bytes) {
  const found = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 5 + bytes.readUInt32BE(at + 1);
    found.push([bytes[at], bytes.subarray(at + 5, end)]);
    at = end;
  }
  return found;
}

function envelope(content, flags = 0) {
  const head = Buffer.alloc(5);
  head[0] = flags;
  head.writeUInt32BE(content.length, 1);
  return Buffer.concat([head, Buffer.from(content)]);
}

// Posts by hand; gives status, headers and bytes.
async function post(server, path, type, body, headers = {}) {
  const answer = await fetch(server.url + path, { method: "POST", headers: { "Content-Type": type, ...headers }, body });
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
}

// The error in the end of an answer with envelopes.
function endOf(answer) {
  const [flags, bytes] = envelopesOf(answer.bytes).at(-1);
  assert.equal(flags, 2);
  return JSON.parse(bytes).error;
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
    const page = await fetch(`${server.url}/v1/events:watch`, { signal: stop.signal });
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

test("the client's patience reaches the call", async (t) => {
  const server = await startServer(t);
  const connect = await post(server, watchEvents, "application/connect+json", envelope("{}"), { "Connect-Timeout-Ms": "200" });
  assert.equal(connect.status, 200);
  assert.equal(JSON.parse(envelopesOf(connect.bytes)[0][1]).started.position.length > 0, true);
  assert.equal(endOf(connect).code, "deadline_exceeded");
  const web = await post(server, watchEvents, "application/grpc-web+proto", envelope(""), { "grpc-timeout": "200m" });
  const [flags, trailers] = envelopesOf(web.bytes).at(-1);
  assert.deepEqual([flags, String(trailers).split("\r\n")[0]], [0x80, "grpc-status: 4"]);
  const unary = await post(server, listEvents, "application/json", "{}", { "Connect-Timeout-Ms": "0" });
  assert.deepEqual([unary.status, JSON.parse(unary.bytes).code], [504, "deadline_exceeded"]);
  for (const timeout of ["x", "-1", "1.5", "12345678901"]) {
    const bad = await post(server, listEvents, "application/json", "{}", { "Connect-Timeout-Ms": timeout });
    assert.deepEqual([timeout, bad.status], [timeout, 400]);
    assert.match(JSON.parse(bad.bytes).message, /Connect-Timeout-Ms/);
  }
  for (const timeout of ["5", "S", "5x", "123456789S"]) {
    const bad = await post(server, listEvents, "application/grpc-web", envelope(""), { "grpc-timeout": timeout });
    assert.match(String(bad.bytes), /grpc-status: 3\r\ngrpc-message: grpc-timeout/, timeout);
  }
  const longest = await post(server, listEvents, "application/grpc-web", envelope(""), { "grpc-timeout": "99999999H" });
  assert.match(String(longest.bytes), /grpc-status: 0/);
});

test("what HTTP cannot carry, and what is no call, is named", async (t) => {
  const server = await startServer(t);
  for (const path of ["demarche.v1.EventService/Subscribe", "demarche.v1.SubscriptionService/Consume", "demarche.v1.IngestService/PublishNewsItems"]) {
    const error = endOf(await post(server, `/${path}`, "application/connect+json", envelope("{}")));
    assert.deepEqual([path, error.code], [path, "unimplemented"]);
    assert.match(error.message, /stream of requests.*use gRPC/);
    const web = await post(server, `/${path}`, "application/grpc-web", envelope(""));
    assert.match(String(web.bytes), /grpc-status: 12/);
  }
  for (const [path, type] of [[listEvents, "text/plain"], [listEvents, "application/connect+json"], [watchEvents, "application/json"]]) {
    const answer = await post(server, path, type, "{}");
    assert.equal(answer.status, 415);
    assert.match(JSON.parse(answer.bytes).message, /Content-Type/);
    assert.match(answer.headers.get("Accept-Post"), /application\/grpc-web/);
  }
  for (const [body, word] of [[Buffer.from("{}"), /5: flags/], [Buffer.concat([envelope("{}"), Buffer.from("x")]), /one message/],
                              [envelope("{}").subarray(0, 6), /one message/], [envelope("{}", 8), /flags 8/], [envelope("{"), /body: not the JSON/],
                              [envelope('{"filtres": 1}'), /filtres/]]) {
    const error = endOf(await post(server, watchEvents, "application/connect+json", body));
    assert.equal(error.code, "invalid_argument");
    assert.match(error.message, word);
  }
  assert.equal(endOf(await post(server, watchEvents, "application/connect+proto", envelope("", 1))).code, "unimplemented");
  const version = await post(server, listEvents, "application/json", "{}", { "Connect-Protocol-Version": "2" });
  assert.deepEqual([version.status, JSON.parse(version.bytes).code], [400, "invalid_argument"]);
  assert.equal((await post(server, "/demarche.v1.EventService/Nothing", "application/json", "{}")).status, 404);
  assert.equal((await post(server, `/${"x".repeat(8000)}`, "application/json", "{}")).status, 404);
});

test("an error reads well without a library", async (t) => {
  const server = await startServer(t);
  const answer = await post(server, listEvents, "application/json; charset=utf-8", '{"filter": "kind = "}');
  assert.deepEqual([answer.status, answer.headers.get("Content-Type")], [400, "application/json"]);
  const error = JSON.parse(answer.bytes);
  assert.equal(error.code, "invalid_argument");
  const detail = error.details.find((each) => each.type === "google.rpc.ErrorInfo");
  assert.equal(detail.debug.reason, "FILTER_INVALID");
  assert.equal(fromBinary(errorInfo, Buffer.from(detail.value, "base64")).reason, "FILTER_INVALID");
  assert.doesNotMatch(detail.value, /=/);
});

test("gRPC-Web as text", async (t) => {
  const server = await startServer(t);
  const body = envelope("").toString("base64");
  const answer = await post(server, "/grpc.health.v1.Health/Check", "application/grpc-web-text", body);
  assert.equal(answer.headers.get("Content-Type"), "application/grpc-web-text");
  const parts = String(answer.bytes).match(/[^=]+=*/g).map((part) => Buffer.from(part, "base64"));
  const [[, message], [flags, trailers]] = envelopesOf(Buffer.concat(parts));
  assert.deepEqual([...message], [8, 1]);  // status: SERVING
  assert.deepEqual([flags, String(trailers)], [0x80, "grpc-status: 0\r\n"]);
  const bad = await post(server, "/grpc.health.v1.Health/Check", "application/grpc-web-text", "?!");
  assert.match(String(Buffer.from(String(bad.bytes), "base64")), /grpc-status: 3/);
});

test("a client that has gone is noticed though its stream is silent", async (t) => {
  const server = await startServer(t);
  const stop = new AbortController();
  const watch = createClient(health, transports["Connect, JSON"]({ baseUrl: server.url })).watch({}, { signal: stop.signal });
  assert.equal((await watch[Symbol.asyncIterator]().next()).value.status, 1);
  assert.equal(await server.metric("demarche_http_streams"), 1);
  stop.abort();
  await until(async () => (await server.metric("demarche_http_streams")) === 0);
});

// Sends a body in chunks, without a length.
function postChunked(server, path, headers, chunks) {
  return new Promise((resolve, reject) => {
    const agent = new Agent({ keepAlive: true });
    const call = request(server.url + path, { method: "POST", agent, headers }, (answer) => {
      answer.resume().on("close", () => resolve({ status: answer.statusCode, connection: answer.headers.connection }));
    });
    call.on("error", reject).on("close", () => agent.destroy());
    for (const chunk of chunks) call.write(chunk);
    call.end();
  });
}

test("a body is bounded without a length, and when it is packed", async (t) => {
  const server = await startServer(t);
  const bomb = gzipSync(Buffer.alloc(16 * maxBodyBytes));
  for (const path of [listEvents, "/v1/newsItems", "/nothing"]) {
    const packed = await postChunked(server, path, { "Content-Type": "application/json", "Content-Encoding": "gzip" }, [bomb]);
    assert.deepEqual([path, packed.connection], [path, "close"]);
    assert.ok([400, 413].includes(packed.status), `${path}: ${packed.status}`);
  }
  const small = { "Content-Type": "application/json", "Content-Encoding": "gzip" };
  assert.equal((await postChunked(server, listEvents, small, [gzipSync('{"pageSize": 1}')])).status, 200);
  assert.equal((await postChunked(server, listEvents, { "Content-Type": "application/json" }, ['{"pageSize"', ": 1}"])).status, 200);
  assert.notEqual((await postChunked(server, listEvents, small, ["no gzip"])).status, 200);
});

test("a header that gRPC cannot carry harms nobody", async (t) => {
  const server = await startServer(t);
  const answer = await post(server, listEvents, "application/json", "{}", { "X-Request-Id": "\u00e9", Authorization: "Bearer \u00e9" });
  assert.equal(answer.status, 200);
});

// fetch sends no Origin of ours, so by hand; gives status and headers.
function askAs(server, origin, method, path, headers = {}) {
  return new Promise((resolve, reject) => {
    request(server.url + path, { method, headers: { Origin: origin, ...headers } }, (answer) => {
      answer.resume().on("end", () => resolve({ status: answer.statusCode, headers: answer.headers }));
    }).on("error", reject).end();
  });
}

test("only pages of origins that are named may call", async (t) => {
  const page = "https://desk.example";
  const server = await startServer(t, "--http-allowed-origins", `${page}, http://localhost:8080`);
  const preflight = await askAs(server, page, "OPTIONS", listEvents, { "Access-Control-Request-Method": "POST" });
  assert.deepEqual([preflight.status, preflight.headers["access-control-allow-origin"]], [204, page]);
  for (const header of ["Content-Type", "Connect-Protocol-Version", "X-Grpc-Web", "Authorization"]) {
    assert.ok(preflight.headers["access-control-allow-headers"].split(", ").includes(header), header);
  }
  const list = await askAs(server, "http://localhost:8080", "GET", "/v1/events");
  assert.deepEqual([list.status, list.headers["access-control-allow-origin"], list.headers.vary], [200, "http://localhost:8080", "Origin"]);
  for (const origin of ["https://desk.example.org", "null", "http://desk.example"]) {
    const other = await askAs(server, origin, "OPTIONS", listEvents, { "Access-Control-Request-Method": "POST" });
    assert.equal(other.headers["access-control-allow-origin"], undefined, origin);
  }
  const closed = await startServer(t);
  const refused = await askAs(closed, page, "OPTIONS", listEvents, { "Access-Control-Request-Method": "POST" });
  assert.deepEqual([refused.status, refused.headers["access-control-allow-origin"]], [404, undefined]);
  for (const bad of ["*", "desk.example", "https://desk.example/", "https://desk.example,,"]) {
    const failed = await run("demarched", "serve", "--http-allowed-origins", bad).then(() => assert.fail(bad), (error) => error);
    assert.equal(failed.code, 2);
    assert.match(failed.stderr, /http\.allowed_origins must be origins/);
  }
});
