"""Consumes `desk` as told and says what happens, a JSON line each; SIGTERM stops it.   python_consumer.py HOST:PORT OPTIONS

OPTIONS (JSON): those of the consumer; `refuse`: fails so many deliveries of each event; `stop_after`: stops in the handler of that
delivery; `cancel`: cancels in the handler; `late`: acknowledges a delivery only when the next one has come; `hold`: acknowledges nothing.
"""
import json
import signal
import sys

from demarche_client import Client, ConsumerOptions, DemarcheError

options = json.loads(sys.argv[2])
refuse, stop_after, cancel, late, hold = (options.pop(name, 0) for name in ("refuse", "stop_after", "cancel", "late", "hold"))
delivered = 0


def say(**what):
    print(json.dumps(what), flush=True)


def say_delivered(delivery):
    global delivered
    delivered += 1
    say(delivered=delivery.position, id=delivery.event.event_id, count=delivery.count)


def handle(delivery):
    say_delivered(delivery)
    if delivered == stop_after:
        consumer.stop()
    if cancel:
        consumer.cancel()
    if delivery.count <= refuse:
        raise RuntimeError("not yet")


def work_late():
    before = None
    for delivery in consumer:
        say_delivered(delivery)
        if before:
            say(acknowledged=consumer.ack(before))
        before = delivery
    consumer.close()


def say_result(result):
    for confirmed in result.confirmed_ranges:
        say(confirmed=confirmed.first_position)


with Client(sys.argv[1]) as client:
    consumer = client.consumer("desk", ConsumerOptions(
        **options, on_ack_result=say_result, on_reconnect=lambda error, _: say(reconnect=str(error))))
    signal.signal(signal.SIGTERM, lambda *_: consumer.stop())
    try:
        if hold:
            for one in consumer:
                say_delivered(one)
        elif late:
            work_late()
        else:
            consumer.run(handle, retry_first=0.01, on_failure=lambda one, cause, delay: say(failed=str(cause), delay_ms=round(delay * 1000)))
        say(end="")
    except DemarcheError as error:
        say(end=str(error), code=error.code.name, reason=error.reason, metadata=error.metadata)
