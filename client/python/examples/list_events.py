"""Lists the latest revisions of events.   list_events.py HOST:PORT [FILTER]"""
import sys

from demarche_client import Client

with Client(sys.argv[1]) as client:
    for event in client.events(*sys.argv[2:]):
        print(event.event_id, event.kind)
