// Connect and gRPC-Web over the HTTP endpoint by hand, where the transports of a browser do not reach.
import assert from "node:assert/strict";
import { Agent, request } from "node:http";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { fromBinary } from "@bufbuild/protobuf";
import { registry, run, startServer } from "../support/server.mjs";

const errorInfo = registry.getMessage("google.rpc.ErrorInfo");
const maxBodyBytes = 4 << 20;
const watchEvents = "/demarche.v1.EventService/WatchEvents";
const listEvents = "/demarche.v1.EventService/ListEvents";

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
  const longPath = await post(server, `/${"x".repeat(8000)}`, "application/json", "{}");
  assert.deepEqual([longPath.status, JSON.parse(longPath.bytes).message], [414, "path: more than 512 bytes"]);
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
