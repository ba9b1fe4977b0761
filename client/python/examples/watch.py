"""Prints the events that match, to the live end, and goes on there the next time.   watch.py HOST:PORT POSITION_FILE [FILTER]"""
import sys

from demarche_client import Client, DemarcheError, FilePositions

with Client(sys.argv[1]) as client:
    try:
        for seen in client.watch(sys.argv[3:], earliest=True, positions=FilePositions(sys.argv[2]), until_caught_up=True):
            print(seen.event.event_id, seen.event.kind)
    except DemarcheError as error:
        sys.exit(str(error))
