"""Publishes one item.   publish.py HOST:PORT PUBLISHER TEXT"""
import sys
import time

from demarche.v1 import news_item_pb2
from demarche_client import Client, DemarcheError

item = news_item_pb2.NewsItem(publisher=sys.argv[2], body=sys.argv[3])
item.publish_time.FromSeconds(int(time.time()))
with Client(sys.argv[1]) as client:
    try:
        result = client.publish(item, give_up_after=10)
    except DemarcheError as error:
        sys.exit(str(error))
print(news_item_pb2.PublishOutcome.Name(result.outcome), len(result.event_ids), "events")
