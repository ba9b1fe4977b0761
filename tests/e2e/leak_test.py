"""Many items and many watches opened and closed: a server built with asan ends without a leak, any server without growing.

10,000 items and 100 watches under asan (./dev test --sanitize), a tenth of the items otherwise.
"""
import json
import subprocess

import e2e
import grpc
from demarche.v1 import event_service_pb2, event_service_pb2_grpc

WATCHES = 100


def is_sanitized():
    symbols = subprocess.run(["grep", "-c", "__asan_init", str(e2e.BIN / "demarched")], capture_output=True, check=False)
    return symbols.stdout.strip() not in (b"", b"0")


class Leak(e2e.ServerTest):
    def test_no_leak_after_many_items_and_watches(self):
        count = 10_000 if is_sanitized() else 1_000
        server = self.start()
        items = "\n".join(json.dumps({
            "newsItemId": f"n{i}", "publisher": "Test", "publishTime": "2024-05-06T07:00:00Z",
            "body": f"Germany expelled two Russian diplomats on Monday. Note {i}."}) for i in range(count))
        code, _, err = server.cli("publish", "-", "--format", "jsonl", stdin=items, timeout=600)
        self.assertEqual(code, 0, err)
        for number in range(WATCHES):
            with grpc.insecure_channel(server.address) as channel:
                request = event_service_pb2.WatchEventsRequest()
                request.start.earliest = number % 2 == 0
                call = event_service_pb2_grpc.EventServiceStub(channel).WatchEvents(request)
                next(call)
                call.cancel()
        self.assertEqual(server.stop(), 0, "".join(server.log[-40:]))
        self.assertNotIn("LeakSanitizer", "".join(server.log))


if __name__ == "__main__":
    e2e.unittest.main()
