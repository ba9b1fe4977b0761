"""What an operator does to a log, and what clients see of it: damage and repair, backup and restore, a disk that fails."""
import json
import resource

import e2e
import grpc


def health(server):
    """The state as grpc.health.v1 tells it: field 1 of the answer, 1 for SERVING and 2 for NOT_SERVING."""
    with grpc.insecure_channel(server.address) as channel:
        answer = channel.unary_unary("/grpc.health.v1.Health/Check")(b"", timeout=30)
    return {b"\x08\x01": "SERVING", b"\x08\x02": "NOT_SERVING"}[answer]


class Log(e2e.ServerTest):
    def publish(self, server, count, first=0):
        """So many items, each of an event of its own. The lines of the results."""
        items = [{"newsItemId": f"item-{i}", "publisher": "Test", "publishTime": "2024-05-06T07:00:00Z",
                  "body": "{} expelled two diplomats of {} on Monday.".format(*e2e.PAIRS[i])} for i in range(first, first + count)]
        return server.cli("publish", "-", "--format", "jsonl", "-o", "jsonl", stdin="\n".join(map(json.dumps, items)))

    def log(self, verb, *paths):
        return e2e.run("demarched", "log", verb, *map(str, paths))

    def damage(self, server):
        """Cuts the write-ahead log in half: its later records are lost."""
        wal = max(server.data_dir.glob("db/*.log"))
        used = wal.read_bytes().rstrip(b"\0")
        wal.write_bytes(used[:len(used) // 2])

    def test_a_repaired_log_tells_its_readers_of_the_gap(self):
        server = self.start()
        for first in (0, 10, 20):
            self.assertEqual(self.publish(server, 10, first)[0], 0)
        before = server.events()
        server.kill()
        self.damage(server)
        code, _, err = e2e.run("demarched", "serve", "--listen", "127.0.0.1:0", "--data-dir", server.data_dir)
        self.assertEqual(code, 5)
        self.assertIn(str(server.data_dir), err)
        self.assertEqual(self.log("verify", server.data_dir)[0], 5)
        code, out, err = self.log("repair", server.data_dir)
        self.assertEqual(code, 0, err)
        self.assertIn("readers are told of a gap", out)
        self.assertEqual(self.log("verify", server.data_dir)[0], 0)

        server = self.start()
        code, out, err = server.cli("watch", "-o", "jsonl", "--earliest", "--until-caught-up")
        self.assertEqual(code, 0, err)
        after = [json.loads(line) for line in out.splitlines()]
        self.assertGreater(len(after), 0)
        self.assertLess(len(after), len(before))
        self.assertEqual(after, before[:len(after)], "what is left stands where it stood")
        self.assertRegex(err, r"gap: \d+ revisions")
        self.assertEqual(self.publish(server, 30)[0], 0, "lost items may be published again")
        again = server.events()
        self.assertEqual(sorted(line["event"]["eventId"] for line in again), sorted(line["event"]["eventId"] for line in before))
        self.assertGreater(min(line["position"] for line in again[len(after):]), max(line["position"] for line in before))

    def test_a_restored_backup_refuses_positions_of_the_lost_log(self):
        server = self.start()
        self.assertEqual(self.publish(server, 3)[0], 0)
        backed_up = server.events()
        backup, restored = self.path / "backup", self.path / "restored"
        code, _, err = self.log("backup", server.data_dir, backup)
        self.assertEqual(code, 0, err)
        self.assertEqual(self.publish(server, 3, first=3)[0], 0)
        position = server.events()[-1]["position"]
        self.assertEqual(server.stop(), 0)
        code, out, err = self.log("restore", backup, restored)
        self.assertEqual(code, 0, err)
        self.assertIn("epoch", out)
        server = e2e.Server(restored)
        self.addCleanup(server.kill)
        self.assertEqual([line["event"] for line in server.events()], [line["event"] for line in backed_up])
        code, _, err = server.cli("watch", "--after", position, "--until-caught-up")
        self.assertNotEqual(code, 0)
        self.assertIn("EPOCH_MISMATCH", err)

    def test_a_failed_write_makes_the_server_say_that_it_does_not_serve(self):
        server = self.start()
        self.assertEqual(self.publish(server, 1)[0], 0)
        before = server.events()
        self.assertEqual(health(server), "SERVING")
        wal = max(server.data_dir.glob("db/*.log"))
        limit = len(wal.read_bytes().rstrip(b"\0")) + 10
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (limit, limit))
        code, out, err = self.publish(server, 1, first=1)
        self.assertNotEqual(code, 0)
        self.assertIn("STORAGE_FAILED", out + err)
        self.assertEqual(health(server), "NOT_SERVING")
        self.assertEqual(server.events(), before, "reading goes on")
        self.assertEqual(server.stop(), 0)

        server = self.start()
        self.assertEqual(health(server), "SERVING")
        self.assertEqual(self.publish(server, 2)[0], 0)
        self.assertEqual(server.events()[:len(before)], before)

    def test_retention_keeps_the_log_small_and_its_events(self):
        server = self.start("--retention-bytes", "20000")
        # What is committed together is dropped together, and the last of it stays: three batches at least.
        for first in (0, 10, 20):
            self.assertEqual(self.publish(server, 10, first)[0], 0)
        before = server.events()
        self.assertEqual(server.stop(), 0)
        server = self.start("--retention-bytes", "20000")  # trims at the start
        e2e.until(lambda: len(server.events()) < len(before))
        kept = server.events()
        self.assertEqual(kept, before[len(before) - len(kept):])
        self.assertEqual(server.stop(), 0)
        self.assertEqual(self.log("verify", server.data_dir)[0], 0)
