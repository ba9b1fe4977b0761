"""Works on the events of a durable subscription: prints each and acknowledges it. What fails is delivered again, to this program or to
another of the group. Ends after COUNT events, or with Ctrl-C when what is under way is done.   consume.py HOST:PORT SUBSCRIPTION [COUNT]"""
import signal
import sys

from demarche_client import Client, ConsumerOptions, DemarcheError


def handle(delivery):
    print(delivery.position, delivery.event.kind, delivery.count, flush=True)


def tell(delivery, cause, delay):
    print(f"{delivery.position}: {cause}; again in {delay} s", file=sys.stderr)


with Client(sys.argv[1]) as client:
    consumer = client.consumer(sys.argv[2], ConsumerOptions(limit=int(sys.argv[3]) if len(sys.argv) > 3 else 0))
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: consumer.stop())
    try:
        consumer.run(handle, on_failure=tell)
    except DemarcheError as error:
        sys.exit(str(error))
