"""SIGTERM: streams are told where they stand, nothing accepted is lost, and the server is gone within five seconds."""
import threading
import time

import e2e
import grpc
from demarche.v1 import event_service_pb2, event_service_pb2_grpc

STREAMS = 100
BOUND_SECONDS = 5


class Drain(e2e.ServerTest):
    def test_open_streams_get_draining_with_a_position(self):
        server = self.start()
        self.assertEqual(server.cli("publish", e2e.SAMPLES)[0], 0)
        last = []
        with grpc.insecure_channel(server.address) as channel:
            stub = event_service_pb2_grpc.EventServiceStub(channel)
            request = event_service_pb2.WatchEventsRequest()
            request.start.earliest = True
            calls = [stub.WatchEvents(request) for _ in range(STREAMS)]
            caught_up = threading.Barrier(STREAMS + 1)

            def follow(call):
                kind = None
                try:
                    for message in call:
                        kind = message.WhichOneof("response")
                        if kind == "caught_up":
                            caught_up.wait()
                        if kind == "draining":
                            last.append(message.draining.position)
                except grpc.RpcError as error:
                    last.append(error.code())

            threads = [threading.Thread(target=follow, args=(call,)) for call in calls]
            for thread in threads:
                thread.start()
            caught_up.wait(60)
            started = time.monotonic()
            self.assertEqual(server.stop(), 0)
            self.assertLess(time.monotonic() - started, BOUND_SECONDS)
            for thread in threads:
                thread.join()
        positions = [p for p in last if isinstance(p, str)]
        self.assertEqual(len(positions), STREAMS)
        self.assertEqual(len(set(positions)), 1)
        server = self.start()
        code, out, err = server.cli("watch", "--after", positions[0], "--until-caught-up", "-o", "jsonl")
        self.assertEqual((code, out), (0, ""), err)


if __name__ == "__main__":
    e2e.unittest.main()
