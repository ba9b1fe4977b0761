"""The Node package as `npm pack` makes it, against the real server: each job, resume, and errors in words."""
import json
import shutil
import subprocess
import tarfile

import e2e

SCRIPT = """
import { Client, DemarcheError, FilePositions } from "demarche-client";
const [server, path, wanted] = process.argv.slice(2);
const client = new Client(server);
const ids = async (events) => { const all = []; for await (const one of events) all.push((one.event ?? one).eventId); return all; };
const failure = async (job) => { try { await job(); } catch (error) {
  return { known: error instanceof DemarcheError, reason: error.reason, field: error.violations[0]?.field }; } };
const watch = () => client.watch({ earliest: true, positions: new FilePositions(path), untilCaughtUp: true });
const consumed = async (limit) => {
  const consumer = client.consumer("desk", { limit });
  const all = [];
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
        script = self.path / "script.mjs"
        script.write_text(SCRIPT, encoding="utf-8")
        done = subprocess.run(["node", str(script), server.address, str(self.path / "position"), str(len(wanted))], capture_output=True, text=True,
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
