"""Shows the events of a text, which is not stored.   classify.py HOST:PORT TEXT"""
import sys
import time

from demarche.v1 import news_item_pb2
from demarche_client import Client

item = news_item_pb2.NewsItem(body=sys.argv[2])
item.publish_time.FromSeconds(int(time.time()))
with Client(sys.argv[1]) as client:
    for event in client.classify(item):
        print(event.kind, f"{event.confidence:.2f}")
