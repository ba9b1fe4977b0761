"""One event, many reports: copies, corroboration, corrections, withdrawals, over the real wire, across a restart and a crash."""
import json

import e2e
import grpc
from demarche.v1 import (event_pb2, event_service_pb2, event_service_pb2_grpc, ingest_service_pb2, ingest_service_pb2_grpc,
                         news_item_pb2)

REPORT = ("Ghana's ambassador was summoned to the foreign ministry in Nairobi on Tuesday. Kenya expelled two Ghanaian diplomats over a "
          "listening device in a conference room. The ministry said that the device was found behind a painting last week.")
OTHER_REPORT = ("Kenya has expelled two diplomats of Ghana after a listening device was discovered in a conference room, a spokesman told "
                "reporters.")
CORRECTED = REPORT.replace("expelled two", "did not expel two")


def item(item_id, publisher, body, supersedes=0):
    message = news_item_pb2.NewsItem(news_item_id=item_id, publisher=publisher, title="Kenya and Ghana", body=body,
                                     supersedes_revision=supersedes)
    message.publish_time.seconds = 1_710_250_000
    return message


class Client:
    """The stubs of a server."""

    def __init__(self, address):
        self._channel = grpc.insecure_channel(address)
        self._items = ingest_service_pb2_grpc.IngestServiceStub(self._channel)
        self._events = event_service_pb2_grpc.EventServiceStub(self._channel)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._channel.close()

    def publish(self, news_item):
        return self._items.PublishNewsItem(ingest_service_pb2.PublishNewsItemRequest(news_item=news_item)).result

    def retract(self, publisher, item_id):
        request = ingest_service_pb2.RetractNewsItemRequest(publisher=publisher, news_item_id=item_id)
        return list(self._items.RetractNewsItem(request).event_ids)

    def event(self, event_id):
        return self._events.GetEvent(event_service_pb2.GetEventRequest(event_id=event_id)).event

    def revisions(self, event_id):
        return self._events.ListEventRevisions(event_service_pb2.ListEventRevisionsRequest(event_id=event_id))

    def evidence(self, event_id, page_size=1):
        """All evidence, by pages."""
        request, evidence = event_service_pb2.ListEvidenceRequest(event_id=event_id, page_size=page_size), []
        while True:
            page = self._events.ListEvidence(request)
            evidence += page.evidence
            if not page.next_page_token:
                return evidence
            request.page_token = page.next_page_token


class Stories(e2e.ServerTest):
    def expelled(self, client, result):
        """The id of the expulsion among the events of an answer."""
        found = [i for i in result.event_ids if client.event(i).kind.startswith("diplomats_expelled")]
        self.assertEqual(len(found), 1, [client.event(i).kind for i in result.event_ids])
        return found[0]

    def test_a_second_publisher_makes_a_revision(self):
        with Client(self.start().address) as client:
            event_id = self.expelled(client, client.publish(item("1", "A", REPORT)))
            second = client.publish(item("2", "B", OTHER_REPORT))
            self.assertEqual(second.outcome, news_item_pb2.PUBLISH_OUTCOME_ACCEPTED)
            self.assertEqual(self.expelled(client, second), event_id)
            listed = client.revisions(event_id)
            self.assertEqual([event.revision for event in listed.events], [1, 2])
            self.assertEqual([cause.news_item_id for cause in listed.causes], ["1", "2"])
            self.assertEqual(listed.events[1].publisher_count, 2)
            self.assertEqual({e.publisher for e in client.evidence(event_id)}, {"A", "B"})

    def test_a_copy_is_told_and_no_independent_report(self):
        with Client(self.start().address) as client:
            first = client.publish(item("1", "A", REPORT))
            for number, body in enumerate([REPORT, REPORT + " The envoys have three days to leave."]):
                copy = client.publish(item(f"copy-{number}", "B", body))
                self.assertEqual(copy.outcome, news_item_pb2.PUBLISH_OUTCOME_NEAR_DUPLICATE)
                self.assertEqual(copy.original_news_item_id, "1")
                self.assertIn(self.expelled(client, first), copy.event_ids)
            self.assertEqual(client.event(self.expelled(client, first)).publisher_count, 1)

    def test_a_correction_is_sent_to_who_wanted_the_event_before(self):
        server = self.start()
        with Client(server.address) as client:
            event_id = self.expelled(client, client.publish(item("1", "A", REPORT)))
            client.publish(item("1", "A", CORRECTED, supersedes=1))
            self.assertGreater(client.event(event_id).revision, 1)
            self.assertNotEqual(client.event(event_id).factuality, event_pb2.FACTUALITY_ACTUAL)
        lines = [line for line in server.events("--filter", "factuality = ACTUAL") if line["event"]["eventId"] == event_id]
        self.assertEqual([line.get("filterExit", False) for line in lines], [False, True])

    def test_a_withdrawal_takes_the_evidence(self):
        with Client(self.start().address) as client:
            event_id = self.expelled(client, client.publish(item("1", "A", REPORT)))
            client.publish(item("2", "B", OTHER_REPORT))
            self.assertIn(event_id, client.retract("A", "1"))
            self.assertEqual({e.publisher for e in client.event(event_id).evidence}, {"B"})
            self.assertIn(event_id, client.retract("B", "2"))
            self.assertEqual(client.event(event_id).state, event_pb2.EVENT_STATE_RETRACTED)
            with self.assertRaises(grpc.RpcError) as unknown:
                client.retract("A", "none")
            self.assertEqual(unknown.exception.code(), grpc.StatusCode.NOT_FOUND)

    def test_the_client_tells_the_history_of_an_event_and_follows_its_story(self):
        server = self.start()
        with Client(server.address) as client:
            event_id = self.expelled(client, client.publish(item("1", "A", REPORT)))
            client.publish(item("2", "B", OTHER_REPORT))
            client.publish(item("9", "C", "Norway's prime minister visited Poland on Tuesday, the government in Warsaw said."))
            story_id = client.event(event_id).story_id
        code, out, _ = server.cli("events", "history", event_id)
        self.assertEqual(code, 0)
        for told in (f"event {event_id} of {story_id}", "because of 1 of A", "because of 2 of B", "publishers: 1 -> 2"):
            self.assertIn(told, out)
        _, out, _ = server.cli("events", "history", event_id, "-o", "jsonl")
        self.assertEqual([json.loads(line)["cause"]["newsItemId"] for line in out.splitlines()], ["1", "2"])
        followed = server.events("--follow-story", story_id)
        self.assertEqual({line["event"]["storyId"] for line in followed}, {story_id})
        self.assertLess(len(followed), len(server.events()))
        self.assertEqual(server.cli("events", "history", "none")[0], 4)
        self.assertEqual(server.cli("watch", "--follow-story", "a", "--filter", "type = AID")[0], 2)

    def test_a_stop_and_a_crash_change_nothing(self):
        """The same items in the same order: one server all the way, and one that is stopped and killed between them."""
        items = [item("1", "A", REPORT), item("2", "B", OTHER_REPORT), item("3", "C", REPORT), item("1", "A", CORRECTED, supersedes=1)]
        whole = self.start(data="whole")
        with Client(whole.address) as client:
            wanted = [client.publish(i) for i in items]
        for end in ("stop", "kill", "kill", "stop"):
            server = self.start(data="broken")
            with Client(server.address) as client:
                told = client.publish(items.pop(0))
            expected = wanted.pop(0)
            self.assertEqual((told.outcome, told.original_news_item_id, told.event_ids),
                             (expected.outcome, expected.original_news_item_id, expected.event_ids))
            getattr(server, end)()
        events = lambda server: [line["event"] for line in server.events()]
        self.assertEqual(events(self.start(data="broken")), events(whole))


if __name__ == "__main__":
    e2e.unittest.main()
