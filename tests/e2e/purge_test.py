"""An item is purged: its text and what events quote of it are gone for every reader and from every file.

The words looked for stand nowhere else, so that a compressed file holds them as they are. DEMARCHE_KILL_ROUNDS sets how often a purge is killed on the way.
"""
import json
import os
import pathlib
import random
import threading
import time
import urllib.request

import e2e
import grpc
from demarche.v1 import event_pb2, event_service_pb2, event_service_pb2_grpc, ingest_service_pb2, ingest_service_pb2_grpc, news_item_pb2

ROUNDS = int(os.environ.get("DEMARCHE_KILL_ROUNDS", "12"))
SEED = 20260318

REPORT = ("Ghana's ambassador was summoned to the foreign ministry in Nairobi on Tuesday. Kenya expelled two Ghanaian diplomats over a "
          "listening device named QZJWXVKH in a conference room. The device was found behind a painting by VKWZQPXJ last week.")
CORRECTED = REPORT.replace("QZJWXVKH", "WJZVQKPX")
WORDS = ["QZJWXVKH", "VKWZQPXJ", "WJZVQKPX", "KXQVWZHJ"]
OTHER_REPORT = ("Kenya has expelled two diplomats of Ghana after a listening device was discovered in a conference room, a spokesman told "
                "reporters.")


def item(item_id, publisher, body, supersedes=0, title="Kenya and Ghana"):
    message = news_item_pb2.NewsItem(news_item_id=item_id, publisher=publisher, title=title, body=body, supersedes_revision=supersedes)
    message.publish_time.seconds = 1_710_250_000
    return message


def words_in(text):
    return [word for word in WORDS if word in str(text)]


def words_in_files(directory):
    found = {}
    for path in pathlib.Path(directory).rglob("*"):
        try:
            content = path.read_bytes() if path.is_file() else b""
        except FileNotFoundError:
            continue  # taken away meanwhile
        for word in WORDS:
            if word.encode() in content:
                found.setdefault(word, []).append(path.name)
    return found


class Client:
    """The stubs of a server."""

    def __init__(self, address):
        self._channel = grpc.insecure_channel(address, options=[("grpc.use_local_subchannel_pool", 1)])
        self.items = ingest_service_pb2_grpc.IngestServiceStub(self._channel)
        self.events = event_service_pb2_grpc.EventServiceStub(self._channel)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._channel.close()

    def publish(self, news_item):
        return self.items.PublishNewsItem(ingest_service_pb2.PublishNewsItemRequest(news_item=news_item)).result

    def purge(self, publisher, item_id, purge=True):
        request = ingest_service_pb2.RetractNewsItemRequest(publisher=publisher, news_item_id=item_id, purge=purge)
        return list(self.items.RetractNewsItem(request).event_ids)

    def event(self, event_id):
        return self.events.GetEvent(event_service_pb2.GetEventRequest(event_id=event_id)).event

    def all_that_is_told(self, event_ids):
        """What every call gives of these events and of the stream."""
        told = [self.events.ListEvents(event_service_pb2.ListEventsRequest())]
        for event_id in event_ids:
            told += [self.events.GetEvent(event_service_pb2.GetEventRequest(event_id=event_id)),
                     self.events.ListEventRevisions(event_service_pb2.ListEventRevisionsRequest(event_id=event_id)),
                     self.events.ListEvidence(event_service_pb2.ListEvidenceRequest(event_id=event_id))]
        return "".join(map(str, told))


class Watch:
    """A watch that stays open; keeps the text of all that comes."""

    def __init__(self, client):
        self.text, self.count, self.changed = "", 0, threading.Condition()
        request = event_service_pb2.WatchEventsRequest()
        request.start.earliest = True
        self._call = client.events.WatchEvents(request)
        self._thread = threading.Thread(target=self._follow)
        self._thread.start()

    def _follow(self):
        try:
            for response in self._call:
                with self.changed:
                    self.text += str(response)
                    self.count += len(response.event_batch.events)
                    self.changed.notify_all()
        except grpc.RpcError:
            pass  # cancelled

    def waits_for(self, is_true):
        with self.changed:
            return self.changed.wait_for(lambda: is_true(self), 60)

    def end(self):
        self._call.cancel()
        self._thread.join()


class Purge(e2e.ServerTest):
    def sub(self, server, *args):
        code, out, err = server.cli("sub", *args)
        self.assertEqual(code, 0, err)
        return out

    def fill(self, client):
        """An item that was corrected, another publisher's report of one of its events, and something else. Gives all event ids."""
        ids = list(client.publish(item("1", "A", REPORT, title="Kenya and Ghana: KXQVWZHJ")).event_ids)
        ids += client.publish(item("2", "B", OTHER_REPORT)).event_ids
        ids += client.publish(item("1", "A", CORRECTED, supersedes=1)).event_ids
        ids += client.publish(item("3", "C", "Norway's prime minister visited Poland on Tuesday, the government in Warsaw said.")).event_ids
        return list(dict.fromkeys(ids))

    def check_nothing_is_told(self, server, event_ids):
        with Client(server.address) as client:
            told = client.all_that_is_told(event_ids)
            self.assertEqual(words_in(told), [])
            self.assertIn("a listening device was discovered in a conference room", told, "what others said stays")
            with self.assertRaises(grpc.RpcError) as gone:
                client.items.GetNewsItem(ingest_service_pb2.GetNewsItemRequest(publisher="A", news_item_id="1"))
            self.assertEqual(gone.exception.code(), grpc.StatusCode.NOT_FOUND)
        self.assertEqual(words_in(server.events()), [])
        self.assertEqual(words_in(self.sub(server, "dlq", "desk", "-o", "jsonl")), [])

    def test_nobody_is_told_and_no_file_holds_it(self):
        server = self.start()
        with Client(server.address) as client:
            event_ids = self.fill(client)
            before = server.events()
            self.assertEqual(set(words_in(client.all_that_is_told(event_ids))), {"QZJWXVKH", "WJZVQKPX"}, "the control")
            self.sub(server, "create", "desk", "--earliest", "--max-deliveries", "1")
            for _ in range(len(before)):
                self.sub(server, "consume", "desk", "--count", "1", "--no-ack")
            e2e.until(lambda: len(self.sub(server, "dlq", "desk", "-o", "jsonl").splitlines()) == len(before))
            self.assertTrue(words_in(self.sub(server, "dlq", "desk", "-o", "jsonl")), "the control")
            self.assertEqual(set(words_in_files(server.data_dir)), set(WORDS), "the control")
            watch = Watch(client)
            self.assertTrue(watch.waits_for(lambda w: w.count == len(before)))
            watch.text = ""

            code, out, err = server.cli("retract", "1", "--publisher", "A", "--purge")
            self.assertEqual(code, 0, err)
            self.assertEqual(words_in_files(server.data_dir), {})
            self.assertIn("purged 1", out)
            self.check_nothing_is_told(server, event_ids)
            client.publish(item("4", "D", "Spain's foreign minister visited Italy on Tuesday, the government in Rome said."))
            self.assertTrue(watch.waits_for(lambda w: "Italy" in w.text))
            watch.end()
            self.assertEqual(words_in(watch.text), [], "of the live end neither")

            after = server.events()
            self.assertEqual([line["position"] for line in after[:len(before)]], [line["position"] for line in before])
            self.assertEqual([line["event"]["eventId"] for line in after[:len(before)]], [line["event"]["eventId"] for line in before])
            states = {client.event(event_id).state for event_id in event_ids}
            self.assertIn(event_pb2.EVENT_STATE_RETRACTED, states, "what no other tells")
            self.assertNotEqual(states, {event_pb2.EVENT_STATE_RETRACTED}, "what others tell too")
            again = client.publish(item("1", "A", CORRECTED))
            self.assertEqual(again.outcome, news_item_pb2.PUBLISH_OUTCOME_DUPLICATE)
        self.assertEqual(server.metric('demarche_purges_total{result="ok"}'), 1)
        self.assertTrue(server.wait_for_line("audit: purge principal=anonymous publisher=A item=1 "))
        self.assertEqual(server.stop(), 0)
        code, out, err = e2e.run("demarched", "log", "verify", server.data_dir)
        self.assertEqual(code, 0, err)
        self.assertRegex(out, r"erased +quotations in [1-9]\d* records")
        server = self.start()
        self.check_nothing_is_told(server, event_ids)
        self.sub(server, "seek", "desk", "--earliest")
        self.assertEqual(words_in(self.sub(server, "consume", "desk", "--count", str(len(before)), "-o", "jsonl")), [])
        self.assertEqual(server.cli("retract", "1", "--publisher", "A", "--purge")[0], 0, "once more")
        self.assertEqual(words_in_files(server.data_dir), {})

    def test_what_was_retracted_before_is_purged_all_the_same(self):
        server = self.start()
        with Client(server.address) as client:
            event_ids = self.fill(client)
            self.sub(server, "create", "desk", "--earliest")
            client.purge("A", "1", purge=False)
            self.assertTrue(words_in(client.all_that_is_told(event_ids)), "the control: earlier revisions still quote it")
            client.purge("A", "1")
            self.check_nothing_is_told(server, event_ids)
            self.assertEqual(words_in_files(server.data_dir), {})

    def test_over_http_and_of_nobody_elses_item(self):
        server = self.start()
        with Client(server.address) as client:
            self.fill(client)
            with self.assertRaises(grpc.RpcError) as unknown:
                client.purge("B", "1")
            self.assertEqual(unknown.exception.code(), grpc.StatusCode.NOT_FOUND)
            self.assertEqual(set(words_in_files(server.data_dir)), set(WORDS))
        request = urllib.request.Request(f"http://{server.http_address}/demarche.v1.IngestService/RetractNewsItem",
                                         data=json.dumps({"publisher": "A", "newsItemId": "1", "purge": True}).encode(),
                                         headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            self.assertTrue(json.load(answer)["eventIds"])
        self.assertEqual(words_in_files(server.data_dir), {})

    def test_killed_on_the_way_it_is_not_begun_or_finished_before_serving(self):
        chance = random.Random(SEED)
        outcomes = set()
        for number in range(ROUNDS):
            with self.subTest(round=number, seed=SEED):
                data = f"data-{number}"
                server = self.start(data=data)
                with Client(server.address) as client:
                    event_ids = self.fill(client)
                    self.sub(server, "create", "desk", "--earliest")
                    call = client.items.RetractNewsItem.future(
                        ingest_service_pb2.RetractNewsItemRequest(publisher="A", news_item_id="1", purge=True))
                    # Before it comes, on the way, or after its answer.
                    time.sleep(chance.uniform(0, (0.002, 0.06, 0.3)[number % 3]))
                    server.kill()
                    was_answered = call.exception() is None
                server = self.start(data=data)
                with Client(server.address) as client:
                    is_begun = not words_in(client.all_that_is_told(event_ids))
                    self.assertTrue(is_begun or not was_answered, "answered, and not done")
                    if is_begun:
                        self.assertEqual(words_in_files(server.data_dir), {}, "begun, and not finished before serving")
                    outcomes.add((was_answered, is_begun))
                    client.purge("A", "1")
                self.assertEqual(words_in_files(server.data_dir), {})
                self.check_nothing_is_told(server, event_ids)
                server.stop()
        print("answered, begun:", sorted(outcomes))
