"""A second decoder of records, written from docs/FORMATS.md alone: standard library only, nothing of Scorebook.

usage: decode.py FOLDER, a folder of golden records NAME.hex, each with the chain after it in NAME.chain
"""

import hashlib
import pathlib
import struct
import sys

HEADER = struct.Struct("<2sHHHQqq16sHI16sI")
CHAINED, SUMMED, WHOLE = 54, 70, 74


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


class Payload:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, length):
        taken = self.data[self.at : self.at + length]
        assert len(taken) == length, "the payload ends too early"
        self.at += length
        return taken

    def number(self, form):
        return struct.unpack("<" + form, self.take(struct.calcsize("<" + form)))[0]

    def text(self):
        return self.take(self.number("Q")).decode("utf-8")

    def flag(self):
        byte = self.number("B")
        assert byte in (0, 1), "a flag that is neither 0 nor 1"
        return byte == 1

    def maybe(self, read):
        return read() if self.flag() else None

    def decimal(self):
        coefficient, scale = self.number("q"), self.number("B")
        digits = str(abs(coefficient)).rjust(scale + 1, "0")
        whole, fraction = digits[: len(digits) - scale], digits[len(digits) - scale :]
        return ("-" if coefficient < 0 else "") + whole + ("." + fraction if scale else "")

    def date(self):
        return "%04d-%02d-%02d" % (self.number("h"), self.number("b"), self.number("b"))

    def prefix(self):
        actor, authenticated, submission = self.text(), self.flag(), self.take(16).hex()
        origin = self.maybe(lambda: (self.number("H"), self.number("I")))
        return (actor, authenticated, submission, origin, self.number("B"), self.text())

    def cell(self):
        return [self.text() for _ in range(4)]

    def result_recorded(self):
        cell, form, missing = self.cell(), self.number("B"), self.number("B")
        value, numerator, denominator = (self.maybe(self.decimal) for _ in range(3))
        status, colour = self.number("B"), self.number("B")
        previous = self.maybe(lambda: (self.decimal(), self.number("B"), self.text()))
        figure = (form, missing, value, numerator, denominator)
        return (*cell, figure, status, colour, previous, self.text())

    def target_changed(self):
        key = [self.text() for _ in range(3)] + [self.number("B")]
        span = (self.date(), self.maybe(self.date))
        target = (self.number("B"), self.decimal(), self.maybe(self.decimal))
        minimum = (self.number("B"), self.maybe(self.decimal), self.maybe(self.decimal))
        return (*key, span, target, minimum, self.text())

    def neighbours_adopted_2(self):
        list_, area, from_ = self.text(), self.text(), self.date()
        members = [self.text() for _ in range(self.number("Q"))]
        return (list_, area, from_, members, self.number("B"), self.number("B"))

    def content(self):
        return (self.number("B"), self.text(), self.maybe(lambda: self.take(32).hex()), self.number("I"))

    def scorecard_defined_2(self):
        first = (self.text(), self.text(), self.text(), self.content(), self.maybe(self.date))
        return (*first, self.text(), self.text(), self.maybe(self.text), self.maybe(self.text))

    def action_agreed(self):
        about = (*self.cell(), self.maybe(lambda: self.number("Q")), self.content())
        return (*about, self.text(), self.date())

    def view_published(self):
        what = [self.text() for _ in range(4)]
        meeting = (self.text(), self.date())
        place = (self.maybe(lambda: self.number("q")), self.number("Q"))
        return (*what, meeting, place, self.text(), self.content(), self.content())

    def committee_act_recorded(self):
        return (self.text(), self.number("B"), self.content())

    def figure(self):
        return (self.number("B"), self.number("B"), *(self.maybe(self.decimal) for _ in range(3)))

    def late_figure_told(self):
        return (self.text(), *self.cell(), self.maybe(self.figure), self.number("B"), self.content())

    def format_raised(self):
        return self.number("H")


RESULT, TARGET, NEIGHBOURS, SCORECARD, FORMAT, KENT = 12, 14, 17, 21, 23, "E10000016"
ACTION, VIEW, ACT, LATE = 24, 25, 26, 27
WORKS = {
    (RESULT, 1): Payload.result_recorded,
    (TARGET, 1): Payload.target_changed,
    (FORMAT, 1): Payload.format_raised,
    (NEIGHBOURS, 2): Payload.neighbours_adopted_2,
    (SCORECARD, 2): Payload.scorecard_defined_2,
    (ACTION, 1): Payload.action_agreed,
    (VIEW, 1): Payload.view_published,
    (ACT, 1): Payload.committee_act_recorded,
    (LATE, 1): Payload.late_figure_told,
}
DECISION = "CYPE Cabinet Committee, 29 November 2018, item 12"
SPAN, OPEN = ("2018-04-01", "2019-04-01"), ("2018-04-01", None)
SMALLEST = "-9.223372036854775808"


def result(period, *rest):
    return ("ks2-rwm", KENT, "all", period, *rest)


def target(owner, *rest):
    return ("ks2-rwm", KENT, "all", owner, *rest, DECISION)


def inline(text):
    return (1, text, None, 0)


def view(known_at, over):
    meeting, place = ("CYPE Cabinet Committee", "2018-11-29"), (known_at, 40)
    return (CODE, "cype", "2018-09", KENT, meeting, place, "view/1", (2, "", "56" * 32, 40000), inline(over))


def scorecard(code, behind, subset_of, from_, owner, director):
    first = (code, "Early Help and Preventative Services", "", inline("= Monthly\nks2-rwm all rated any\n"))
    return (*first, from_, owner, director, behind, subset_of)


CODE = "cype-2018-09-2018-11-29"
DIRECTOR = "Corporate Director, Children, Young People and Education"
PROVISIONAL = "provisional\tks2-rwm\tThe figure is provisional.\n"
LATE_CELL = ("ks2-rwm", KENT, "all", "AY2018")

EXPECTED = {
    "ScorecardDefined-service": scorecard(
        "early-help", "cype", None, "2018-04-01", "Management Information", DIRECTOR
    ),
    "ScorecardDefined-subset": scorecard("qpr", None, "cype", None, "", ""),
    "ActionAgreed": (
        *("ks2-rwm", KENT, "all", "AY2017", 20, inline("Visit the schools below the floor standard.")),
        *("School Improvement", "2019-03-31"),
    ),
    "ViewPublished": view(1543485600000000, PROVISIONAL),
    "ViewPublished-unbound": view(None, ""),
    "CommitteeActRecorded": (CODE, 1, inline("")),
    "CommitteeActRecorded-commented": (CODE, 2, inline("Members asked for the districts.")),
    "CommitteeActRecorded-resolved": (CODE, 3, inline("That a report come in March.")),
    "LateFigureTold": (CODE, *LATE_CELL, (1, 0, "65.5", None, None), 1, inline("")),
    "LateFigureTold-words": (CODE, *LATE_CELL, None, 0, inline("Better than last year.")),
    "ResultRecorded": result("2018-09", (1, 0, "74.0", None, "364"), 1, 2, ("-72.10", 1, "AY2016"), "74.0 %"),
    "ResultRecorded-counted": result("FY2018-Q2", (2, 0, "43.4", "759", "1747"), 3, 0, None, ""),
    "ResultRecorded-counted-alone": result(
        "AY2018-T1", (2, 0, None, "204.25", "613"), 2, 0, ("33", 2, "same time last year"), ""
    ),
    "ResultRecorded-missing": result("FY2013..FY2015", (3, 1, None, None, None), 7, 0, (SMALLEST, 0, ""), ""),
    "ResultRecorded-plain": result("2018-09-30", (1, 0, "349", None, None), 3, 0, None, ""),
    "ResultRecorded-z": result("CY2018", (3, 2, None, None, None), 4, 1, None, ""),
    "ResultRecorded-x": result("CY2018", (3, 3, None, None, None), 5, 3, None, ""),
    "ResultRecorded-low": result("CY2018", (3, 4, None, None, None), 6, 0, None, ""),
    "ResultRecorded-u": result("CY2018", (3, 5, None, None, None), 7, 0, None, ""),
    "ResultRecorded-not-supplied": result("CY2018", (3, 6, None, None, None), 7, 0, None, ""),
    "TargetChanged": target(1, SPAN, (1, "85.0", None), (1, "-80", None)),
    "TargetChanged-more-than": target(2, OPEN, (2, "10.5", None), (0, None, None)),
    "TargetChanged-at-most": target(3, OPEN, (3, "10.5", None), (1, "20", None)),
    "TargetChanged-less-than": target(1, SPAN, (4, "10.5", None), (0, None, None)),
    "TargetChanged-within": target(1, OPEN, (5, "10.5", "20"), (2, "0", "20")),
    "FormatRaised": 2,
    "NeighboursAdopted-at-least": ("nearest", KENT, "2025-05-28", ["E10000012", "E10000008", "E09000004"], 3, 2),
}


def read(name, data):
    """Checks a record's header and checksum; gives its position, kind, salt and payload."""
    magic, version, kind, schema, position, recorded_at, known_at, event_id, flags, length, salt, crc = HEADER.unpack(
        data[:WHOLE]
    )
    assert (magic, version) == (b"SB", 1) and (schema == 1 or (kind, schema) in WORKS), name
    assert len(data) == WHOLE + length and length <= 3800, name
    assert crc32c(data[:SUMMED] + data[WHOLE:]) == crc, name
    assert known_at <= recorded_at and flags in (0, 1, 3), name
    assert event_id == bytes([position % 251] * 16) and salt == bytes(range(16)), name
    return position, (kind, schema), salt, Payload(data[WHOLE:])


def check(name, kind, position, payload):
    """Reads who and why of every record, and the payloads that are expected whole."""
    origin = None if position % 3 == 0 else (2, position + 1)
    reason = "as published – final" if position % 4 == 0 else ""
    assert payload.prefix() == ("mi.officer", position % 2 == 0, "a5" * 16, origin, position % 4, reason), name
    if kind in WORKS:
        assert WORKS[kind](payload) == EXPECTED.pop(name), name
        assert payload.at == len(payload.data), name


def main(folder):
    files = {path.stem: bytes.fromhex(path.read_text()) for path in pathlib.Path(folder).glob("*.hex")}
    records = sorted((*read(name, data), name, data) for name, data in files.items())
    chain = bytes(32)
    for expected, (position, kind, salt, payload, name, data) in enumerate(records, start=1):
        assert position == expected, name
        check(name, kind, position, payload)
        leaf = hashlib.sha256(b"\x00" + salt + data[WHOLE:]).digest()
        chain = hashlib.sha256(b"\x01" + chain + data[:CHAINED] + leaf).digest()
        assert (pathlib.Path(folder) / (name + ".chain")).read_text().strip() == chain.hex(), name
    assert not EXPECTED, "not found: %s" % ", ".join(EXPECTED)
    print(len(records), "records agree")


main(sys.argv[1])
