"""Follows Scorebook's public feed over NATS and keeps it in SQLite: every item once, in order, after any break.

    pip install nats-py
    python follow_nats.py nats://127.0.0.1:4222 E10000016 feed.db

The sequence is stored in the transaction that stores the item, so that there is never one without the other.
"""

import argparse
import asyncio
import sqlite3

import nats
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError

CURSOR = "Scorebook-Cursor"


def open_store(path):
    store = sqlite3.connect(path)
    store.execute("CREATE TABLE IF NOT EXISTS item (sequence INTEGER PRIMARY KEY, cursor TEXT UNIQUE, event TEXT)")
    return store


def stored(store):
    """The last item's sequence and cursor; none at first."""
    return store.execute("SELECT sequence, cursor FROM item ORDER BY sequence DESC LIMIT 1").fetchone()


async def first_after(js, stream, position):
    """The sequence of the first item after a position of the log. Positions never decrease along the stream."""
    low, high = 1, (await js.stream_info(stream)).state.last_seq + 1
    while low < high:
        middle = (low + high) // 2
        message = await js.get_msg(stream, middle)
        if int(message.headers[CURSOR].split(":")[1]) <= position:
            low = middle + 1
        else:
            high = middle
    return low


async def follow(js, stream, store, start):
    """Gives each item that is new, once it is stored. Ends when the consumer is gone, as after a server's restart."""
    last = stored(store)
    # The stored item comes once more, so that it is seen whether it is still the same.
    sequence = last[0] if last else start
    config = ConsumerConfig(
        ack_policy=AckPolicy.NONE, deliver_policy=DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=sequence
    )
    subscription = await js.pull_subscribe("", stream=stream, config=config)
    while True:
        try:
            messages = await subscription.fetch(256, timeout=1)
        except asyncio.TimeoutError:
            try:
                if (await subscription.consumer_info()).num_pending == 0:
                    yield None
                continue
            except (NotFoundError, asyncio.TimeoutError):
                return
        for message in messages:
            found, cursor = message.metadata.sequence.stream, message.headers[CURSOR]
            if found != sequence:
                return  # Something was lost on the way: begin again after what is stored.
            sequence += 1
            if last and found == last[0]:
                if cursor != last[1]:
                    raise SystemExit(f"the log was restored and went on otherwise: {last[1]} is now {cursor}")
                continue
            with store:
                store.execute("INSERT INTO item VALUES (?, ?, ?)", (found, cursor, message.data.decode()))
            yield f"{found} {cursor} {message.subject}"


async def main():
    parser = argparse.ArgumentParser(description="Follows Scorebook's public feed over NATS.")
    parser.add_argument("server")
    parser.add_argument("authority")
    parser.add_argument("store")
    parser.add_argument("--after", type=int, default=0, metavar="POSITION", help="begin after this position")
    parser.add_argument("--limit", type=int, help="end after so many items")
    parser.add_argument("--until-caught-up", action="store_true", help="end when there is no more for now")
    given = parser.parse_args()
    stream = f"SCOREBOOK_{given.authority}_FEED"
    js = (await nats.connect(given.server, max_reconnect_attempts=-1)).jetstream()
    store = open_store(given.store)
    start = await first_after(js, stream, given.after) if given.after else 1
    n_items = 0
    while True:
        async for item in follow(js, stream, store, start):
            if item is None:
                if given.until_caught_up:
                    return
                continue
            print(item, flush=True)
            n_items += 1
            if n_items == given.limit:
                return


asyncio.run(main())
