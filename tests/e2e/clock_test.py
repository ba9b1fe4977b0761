"""The system's clock jumps while the server runs, an hour ahead, a day back, months ahead: positions rise, times of the log do not run
backwards, watches go on, leases last as long as they should. libfaketime (Debian: faketime) makes the jumps.
"""
import glob
import queue
import unittest

import grpc

import bystander
import e2e
from demarche.v1 import admin_service_pb2, admin_service_pb2_grpc, ingest_service_pb2, ingest_service_pb2_grpc
from demarche.v1 import subscription_service_pb2, subscription_service_pb2_grpc

LIBRARY = next(iter(glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")), None)
JUMPS = ["+3600", "-86400", "+0", "+31536000", "-3600", "+86400"]  # from the true time, in seconds


@unittest.skipUnless(LIBRARY, "libfaketime is not installed")
class Clock(e2e.ServerTest):
    def setUp(self):
        super().setUp()
        self.shift = self.path / "shift"
        self.jump("+0")
        self.server = self.start(LD_PRELOAD=LIBRARY, FAKETIME_TIMESTAMP_FILE=str(self.shift), FAKETIME_NO_CACHE="1",
                                 FAKETIME_DONT_FAKE_MONOTONIC="1")
        self.channel = grpc.insecure_channel(self.server.address)
        self.addCleanup(self.channel.close)
        self.items = ingest_service_pb2_grpc.IngestServiceStub(self.channel)

    def jump(self, shift):
        beside = self.shift.with_suffix(".new")
        beside.write_text(shift + "\n")
        beside.replace(self.shift)

    def server_time(self):
        stub = admin_service_pb2_grpc.AdminServiceStub(self.channel)
        return stub.GetPipelineStatus(admin_service_pb2.GetPipelineStatusRequest()).server_time.ToSeconds()

    def status(self, states):
        request = ingest_service_pb2.GetNewsItemStatusRequest(publisher=states, news_item_id=states)
        return self.items.GetNewsItemStatus(request)

    def test_order_and_delivery_do_not_depend_on_it(self):
        watch = bystander.Bystander(self.server.address)
        self.addCleanup(watch.close)
        positions, times, clock = [], [], []
        for number, shift in enumerate(JUMPS):
            self.jump(shift)
            clock.append(self.server_time())
            pair = e2e.PAIRS[number]
            self.assertTrue(watch.publishes_and_sees(pair), shift)
            status = self.status("{} and {}".format(*pair))
            positions.append(status.result.position)
            times.append(status.append_time.ToNanoseconds())
        self.assertEqual(times, sorted(times))
        stored = [line["position"] for line in self.server.events()]
        self.assertEqual([position for position in stored if position in positions], positions)
        # The control: it did jump.
        back = [later < earlier - 1000 for earlier, later in zip(clock, clock[1:])]
        self.assertEqual(back, [True, False, False, True, False], clock)
        self.assertEqual(self.server.stop(), 0)

    def test_a_lease_ends_whatever_it_says(self):
        self.assertEqual(self.server.cli("sub", "create", "desk", "--earliest", "--lease", "1")[0], 0)
        watch = bystander.Bystander(self.server.address)
        self.addCleanup(watch.close)
        requests = queue.SimpleQueue()
        self.addCleanup(requests.put, None)
        requests.put(subscription_service_pb2.ConsumeRequest(subscription="desk"))
        requests.put(subscription_service_pb2.ConsumeRequest(grant={"events": 100}))
        stub = subscription_service_pb2_grpc.SubscriptionServiceStub(self.channel)
        call = stub.Consume(iter(requests.get, None), timeout=60)
        self.addCleanup(call.cancel)
        delivered = (event.event_id for response in call for event in response.message.event_batch.events)
        self.jump("+86400")
        self.assertTrue(watch.publishes_and_sees(e2e.PAIRS[0]))
        first = next(delivered)
        self.jump("-86400")
        self.assertEqual(next(delivered), first, "it was not acknowledged")


if __name__ == "__main__":
    e2e.unittest.main()
