"""Reads an export of a log without Scorebook, by docs/FORMATS.md alone: standard library only.

It checks every record's checksum, that the line's own words are the header's, and the chain from the first record to the
last; then it says how many events there are of each type.

usage: read_export.py FILE
"""

import collections
import datetime
import hashlib
import json
import struct
import sys
import uuid

HEADER = struct.Struct("<2sHHHQqq16sHI16sI")
CHAINED, SUMMED, WHOLE = 54, 70, 74
LAST_OF_COMMIT = 1
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)

TABLE = []
for n in range(256):
    for _ in range(8):
        n = (n >> 1) ^ (0x82F63B78 if n & 1 else 0)
    TABLE.append(n)


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = (crc >> 8) ^ TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def micros(text):
    second, _, fraction = text.rstrip("Z").partition(".")
    at = datetime.datetime.fromisoformat(second + "+00:00")
    return (at - EPOCH) // datetime.timedelta(microseconds=1) + int(fraction.ljust(6, "0"))


def check(line, number, chain):
    """Checks a record's line against its exact record; gives the chain after it."""

    def same(what, said, exact):
        if said != exact:
            sys.exit("line %d: %s is %r, but the record has %r" % (number, what, said, exact))

    data = bytes.fromhex(line["record"])
    magic, version, kind, schema, position, recorded, known, event, flags, length, salt, crc = HEADER.unpack(data[:WHOLE])
    same("the magic", b"SB", magic)
    same("the header's version", 1, version)
    same("the length", len(data) - WHOLE, length)
    same("the checksum", crc32c(data[:SUMMED] + data[WHOLE:]), crc)
    same("the position", line["position"], position)
    same("the place of the line", number - 1, position)
    same("the schema", line["schema"], schema)
    same("recorded_at", micros(line["recorded_at"]), recorded)
    same("known_at", micros(line["known_at"]), known)
    same("the event's identifier", uuid.UUID(line["event_id"]).bytes, event)
    same("last_of_commit", line["last_of_commit"], bool(flags & LAST_OF_COMMIT))
    if line["event"] is None:
        same("the type", line["type"], kind)
    leaf = hashlib.sha256(b"\x00" + salt + data[WHOLE:]).digest()
    chain = hashlib.sha256(b"\x01" + chain + data[:CHAINED] + leaf).digest()
    same("the chain", line["chain"], chain.hex())
    return chain


def main(path):
    with open(path, encoding="utf-8", newline="\n") as file:
        first = json.loads(file.readline())
        if first.get("scorebook_export") != 1:
            sys.exit("not an export of version 1")
        types, chain, last = collections.Counter(), bytes(32), None
        for number, text in enumerate(file, start=2):
            if last is not None:
                sys.exit("line %d follows the end" % number)
            line = json.loads(text)
            if line.get("end"):
                last = line
                continue
            chain = check(line, number, chain)
            types[line["type"]] += 1
    n_records = sum(types.values())
    head = "%d:%s" % (n_records, chain.hex())
    if last is None:
        sys.exit("the last line is missing: the file was cut off")
    for line in (first, last):
        if (line["records"], line["head"]) != (n_records, head):
            sys.exit("the records lead to %s, and not to %s" % (head, line["head"]))
    print("log %s of authority %s" % (first["log"], first["authority"]))
    for name, n in sorted(types.items(), key=str):
        print("%8d %s" % (n, name))
    print("%d records, every checksum and the chain hold; head %s" % (n_records, head))


main(sys.argv[1])
