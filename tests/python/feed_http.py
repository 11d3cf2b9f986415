"""Reads the feed over HTTP as a program of somebody else's does, and each event by the CloudEvents SDK."""

import sys
import urllib.request

from cloudevents.core.formats.json import JSONFormat


def events(url, last_event_id=None):
    """The fields of each event, as https://html.spec.whatwg.org/multipage/server-sent-events.html says."""
    headers = {"Accept": "text/event-stream"}
    if last_event_id:
        headers["Last-Event-ID"] = last_event_id
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=60) as response:
        assert response.headers.get_content_type() == "text/event-stream"
        fields = {}
        for line in response:
            name, _, value = line.decode().rstrip("\n").partition(":")
            if name:
                fields[name] = value.removeprefix(" ")
            elif fields.get("data"):
                yield fields
                fields = {}


def read(url, last_event_id=None, limit=None):
    """The cursor and the CloudEvent of each item that there is, at most `limit`."""
    items = []
    for fields in events(url, last_event_id):
        if fields["event"] == "CaughtUp" or len(items) == limit:
            break
        event = JSONFormat().read(None, fields["data"])
        assert event.get_specversion() == "1.0"
        assert event.get_type() == "scorebook.v1." + fields["event"]
        assert event.get_time().utcoffset().total_seconds() == 0
        assert event.get_data()["position"] == fields["id"].split(":")[1]
        items.append((fields["id"], event.get_source(), event.get_id()))
    return items


def place(item):
    position, ordinal = item[2].split("/")[1].split(".")
    return int(position), int(ordinal)


url = sys.argv[1]
whole = read(url)
places = [place(item) for item in whole]
assert places == sorted(set(places)), "in order"
assert len({item[1:] for item in whole}) == len(whole), "source and id name one event"
for cut in (1, len(whole) // 2, len(whole) - 1):
    heard = read(url, limit=cut)
    assert heard + read(url, last_event_id=heard[-1][0]) == whole, f"cut after {cut}"
print(f"{len(whole)} CloudEvents, each once and in order")
