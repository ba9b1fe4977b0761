"""The Node package as `npm pack` makes it, against the real server: each job, resume, errors in words, and the types that it declares."""
import json
import shutil
import subprocess
import tarfile

import e2e

# TypeScript: what runs is what the compiler made of it under the declared types.
SCRIPT = """
import { Client, DemarcheError, FilePositions } from "demarche-client";
import type { DiplomaticEvent, WatchedEvent } from "demarche-client";
const [server, path, wanted] = process.argv.slice(2);
const client = new Client(server);
const ids = async (events: AsyncIterable<DiplomaticEvent | WatchedEvent>) => {
  const all: string[] = [];
  for await (const one of events) all.push("event" in one ? one.event.eventId : one.eventId);
  return all;
};
const failure = async (job: () => Promise<unknown>) => {
  try { await job(); } catch (error) {
    if (!(error instanceof DemarcheError)) return { known: false };
    return { known: true, reason: error.reason, field: error.violations[0]?.field };
  }
};
const watch = () => client.watch({ earliest: true, positions: new FilePositions(path), untilCaughtUp: true });
const consumed = async (limit: number) => {
  const consumer = client.consumer("desk", { limit });
  const all: [string, number][] = [];
  await consumer.run(({ event, count }) => all.push([event.eventId, count]));
  return all;
};
const first = await watch().next();
console.log(JSON.stringify({
  first: first.value.event.eventId,
  all: await ids(watch()),
  rest: await ids(watch()),
  listed: await ids(client.events()),
  filtered: await ids(client.watch({ earliest: true, filters: ["type = AID"], untilCaughtUp: true })),
  published: (await client.publish({ publisher: "T", body: "Poland summoned the Russian ambassador.", publishTime: { seconds: 1.7e9 } })).outcome,
  classified: (await client.classify({ body: "Germany expelled two Russian diplomats.", publishTime: { seconds: 1.7e9 } })).length,
  empty: await failure(() => client.publish({ publisher: "T", publishTime: { seconds: 1.7e9 } })),
  consumed: await consumed(Number(wanted)),
  consumer: await failure(() => client.consumer("desc").next()),
  filter: await failure(() => ids(client.watch({ filters: ["typ = AID"] }))),
}));
client.close();
"""

# Each line is a mistake, and the compiler says so.
MISTAKES = """
// @ts-expect-error no such option
client.watch({ erliest: true });
// @ts-expect-error a filter is text
client.events(7);
// @ts-expect-error no such field of a news item
client.publish({ publisher: "T", text: "France thanked Kenya." });
// @ts-expect-error a consumer is made by the client
new Consumer();
"""


class NodePackage(e2e.ServerTest):
    def test_packed(self):
        # A copy, so that packing leaves nothing in the tree.
        tree, modules = self.path / "tree", self.path / "node_modules"
        source = tree / "client" / "node"
        shutil.copytree(e2e.SOURCE / "client" / "node", source)
        (tree / "proto").symlink_to(e2e.SOURCE / "proto")
        (tree / "node_modules").symlink_to(e2e.SOURCE / "node_modules")
        done = subprocess.run(["npm", "pack", "--offline", "--silent", "--no-update-notifier"], cwd=source, capture_output=True, text=True,
                              timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        modules.mkdir()
        for module in (e2e.SOURCE / "node_modules").iterdir():
            (modules / module.name).symlink_to(module)
        with tarfile.open(next(source.glob("demarche-client-*.tgz"))) as tarball:
            tarball.extractall(self.path)
        (self.path / "package").rename(modules / "demarche-client")
        for name in ("types/demarche/v1/DiplomaticEvent.ts", "types/demarche/v1/AckResult.ts", "proto/demarche/v1/event.proto", "index.d.ts"):
            self.assertTrue((modules / "demarche-client" / name).is_file(), name)

        server = self.start()
        self.assertEqual(server.cli("publish", e2e.SAMPLES)[0], 0)
        wanted = [line["event"]["eventId"] for line in server.events()]
        aid = [line["event"]["eventId"] for line in server.events("--filter", "type = AID")]
        self.assertEqual(server.cli("sub", "create", "desk", "--earliest")[0], 0)
        (self.path / "script.mts").write_text(SCRIPT, encoding="utf-8")
        (self.path / "mistakes.mts").write_text(SCRIPT + MISTAKES, encoding="utf-8")
        done = subprocess.run(["node", str(modules / "typescript" / "bin" / "tsc"), "--strict", "--skipLibCheck", "--target", "es2022", "--module", "nodenext",
                               "script.mts", "mistakes.mts"], cwd=self.path, capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        done = subprocess.run(["node", str(self.path / "script.mjs"), server.address, str(self.path / "position"), str(len(wanted))], capture_output=True, text=True,
                              timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout), {
            "first": wanted[0], "all": wanted, "rest": [], "listed": e2e.latest(wanted), "filtered": e2e.latest(aid),
            "published": "PUBLISH_OUTCOME_ACCEPTED", "classified": 1,
            "empty": {"known": True, "reason": "ITEM_INVALID", "field": "news_item.body"},
            "consumed": [[one, 1] for one in wanted], "consumer": {"known": True, "reason": "RESOURCE_NOT_FOUND"},
            "filter": {"known": True, "reason": "FILTER_INVALID", "field": "filters[0].filter"}})


if __name__ == "__main__":
    e2e.unittest.main()
