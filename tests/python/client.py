"""An independent gRPC client of scorebook.v1: it knows the contract from the server's reflection alone.

Run as: client.py ADDRESS CHAPTER. Each chapter is a function below; it ends with an error at the first check that does
not hold, and says so otherwise. Nothing here is generated from our files.
"""

import hashlib
import sys
import threading
import time
import uuid

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf import any_pb2, timestamp_pb2  # noqa: F401  (their descriptors)
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2

SERVICE = "scorebook.v1.ScorebookService"
PATIENCE_S = 60
MIB = 1024 * 1024


def hold(condition, *what):
    """A check, which python -O does not remove."""
    if not condition:
        raise SystemExit("does not hold: " + " ".join(str(part) for part in what))


class Reflection:
    """The descriptors that a server tells of, in either version of the protocol."""

    def __init__(self, channel, version):
        path = f"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo"
        self.call = channel.stream_stream(
            path,
            request_serializer=reflection_pb2.ServerReflectionRequest.SerializeToString,
            response_deserializer=reflection_pb2.ServerReflectionResponse.FromString,
        )

    def ask(self, **question):
        request = reflection_pb2.ServerReflectionRequest(**question)
        answers = list(self.call(iter([request]), timeout=PATIENCE_S))
        hold(len(answers) == 1, "one answer to one question", answers)
        hold(not answers[0].HasField("error_response"), answers[0])
        return answers[0]

    def services(self):
        return sorted(it.name for it in self.ask(list_services="").list_services_response.service)

    def files(self, symbol):
        answer = self.ask(file_containing_symbol=symbol).file_descriptor_response
        return [descriptor_pb2.FileDescriptorProto.FromString(it) for it in answer.file_descriptor_proto]

    def file(self, name):
        answer = self.ask(file_by_filename=name).file_descriptor_response
        return [descriptor_pb2.FileDescriptorProto.FromString(it) for it in answer.file_descriptor_proto]


class Contract:
    """The service and its messages, built from what reflection says."""

    def __init__(self, channel):
        self.channel = channel
        self.pool = descriptor_pool.DescriptorPool()
        reflection = Reflection(channel, "v1alpha")
        known = {}
        waiting = reflection.files(SERVICE)
        while waiting:
            file = waiting.pop()
            if file.name in known:
                continue
            known[file.name] = file
            for name in file.dependency:
                if name not in known:
                    waiting.extend(reflection.file(name))
        added = set()

        def add(name):
            if name in added:
                return
            added.add(name)
            for needed in known[name].dependency:
                add(needed)
            self.pool.Add(known[name]) if hasattr(self.pool, "Add") else self.pool.AddSerializedFile(
                known[name].SerializeToString()
            )

        for name in known:
            add(name)
        self.service = self.pool.FindServiceByName(SERVICE)

    def message(self, name):
        return message_factory.GetMessageClass(self.pool.FindMessageTypeByName(f"scorebook.v1.{name}"))

    def rpc(self, name):
        method = self.service.methods_by_name[name]
        answer = message_factory.GetMessageClass(method.output_type)
        kind = self.channel.stream_unary if method.client_streaming else self.channel.unary_unary
        kind = self.channel.unary_stream if method.server_streaming else kind
        return kind(
            f"/{SERVICE}/{name}",
            request_serializer=lambda request: request.SerializeToString(),
            response_deserializer=answer.FromString,
        )

    def ask(self, name, timeout=PATIENCE_S, **fields):
        method = self.service.methods_by_name[name]
        request = message_factory.GetMessageClass(method.input_type)(**fields)
        return self.rpc(name)(request, timeout=timeout)

    def refuse(self, name, code, **fields):
        """The error of a call that must fail with this code."""
        try:
            answer = self.ask(name, **fields)
        except grpc.RpcError as error:
            hold(error.code() == code, name, "should say", code, "and says", error.code(), error.details())
            return error
        raise SystemExit(f"{name} should say {code} and answers {answer}")

    def head(self):
        return self.ask("GetStatus").position

    def receipt(self, **fields):
        """Submits, and gives the receipt."""
        answer = self.ask("Submit", **{"actor": "python.client", "reason": "a test", **fields})
        hold(answer.HasField("receipt"), "a receipt", answer)
        return answer.receipt


def google_rpc():
    """google.rpc.Status and its details: public messages, written out here because no package has them."""
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(any_pb2.DESCRIPTOR.serialized_pb)
    file = descriptor_pb2.FileDescriptorProto(name="google/rpc.proto", package="google.rpc", syntax="proto3")
    file.dependency.append("google/protobuf/any.proto")
    int64 = descriptor_pb2.FieldDescriptorProto.TYPE_INT64
    text, number, message = (descriptor_pb2.FieldDescriptorProto.TYPE_STRING, 5, 11)

    def add(parent, name, *fields):
        made = parent.add(name=name)
        for index, (field, kind, repeated, type_name) in enumerate(fields, 1):
            made.field.add(name=field, number=index, type=kind, label=3 if repeated else 1, type_name=type_name)
        return made

    add(
        file.message_type,
        "Status",
        ("code", number, False, None),
        ("message", text, False, None),
        ("details", message, True, ".google.protobuf.Any"),
    )
    bad = add(file.message_type, "BadRequest", ("field_violations", message, True, ".google.rpc.BadRequest.FieldViolation"))
    add(bad.nested_type, "FieldViolation", ("field", text, False, None), ("description", text, False, None))
    failed = add(
        file.message_type,
        "PreconditionFailure",
        ("violations", message, True, ".google.rpc.PreconditionFailure.Violation"),
    )
    add(
        failed.nested_type,
        "Violation",
        ("type", text, False, None),
        ("subject", text, False, None),
        ("description", text, False, None),
    )
    # As google.protobuf.Duration is written.
    add(file.message_type, "Delay", ("seconds", int64, False, None), ("nanos", number, False, None))
    add(file.message_type, "RetryInfo", ("retry_delay", message, False, ".google.rpc.Delay"))
    quota = add(file.message_type, "QuotaFailure", ("violations", message, True, ".google.rpc.QuotaFailure.Violation"))
    add(quota.nested_type, "Violation", ("subject", text, False, None), ("description", text, False, None))
    pool.AddSerializedFile(file.SerializeToString())
    return {
        name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"google.rpc.{name}"))
        for name in ("Status", "BadRequest", "PreconditionFailure", "RetryInfo", "QuotaFailure")
    }


def details(error, name):
    """The details of an error, decoded."""
    kinds = google_rpc()
    carried = dict(error.trailing_metadata()).get("grpc-status-details-bin")
    hold(carried is not None, "the error carries google.rpc details", error)
    status = kinds["Status"].FromString(carried)
    hold(status.code == error.code().value[0], "the same code", status, error.code())
    found = []
    for detail in status.details:
        if detail.type_url.endswith("google.rpc." + name):
            found.append(kinds[name].FromString(detail.value))
    hold(len(found) == 1, "one", name, status)
    return found[0]


def result(period, **figure):
    """One instruction: a result of Kent."""
    figure = figure or {"counted": {"numerator": {"coefficient": 759}, "denominator": {"coefficient": 1747}}}
    return {
        "record_result": {
            "cell": {"measure": "ehcp-20-weeks", "area": "E10000016", "cohort": "all", "period": period},
            "entry": {"figure": figure, "status": "STATUS_NOT_STATED"},
        }
    }


def stated(coefficient, scale=1):
    return {"stated": {"value": {"coefficient": coefficient, "scale": scale}}}


def discovery(contract):
    health = health_pb2_grpc.HealthStub(contract.channel)
    for service in ("", SERVICE):
        answer = health.Check(health_pb2.HealthCheckRequest(service=service), timeout=PATIENCE_S)
        hold(answer.status == health_pb2.HealthCheckResponse.SERVING, service, answer)
    try:
        health.Check(health_pb2.HealthCheckRequest(service="no.such.Service"), timeout=PATIENCE_S)
        raise SystemExit("a service that is not there has no health")
    except grpc.RpcError as error:
        hold(error.code() == grpc.StatusCode.NOT_FOUND, error.code())
    for version in ("v1", "v1alpha"):
        services = Reflection(contract.channel, version).services()
        hold(SERVICE in services, version, services)
    methods = sorted(contract.service.methods_by_name)
    hold(
        methods
        == sorted(
            "Submit SubmitStream GetScorecard GetGrid CompareScorecards GetMeasureHistory GetTargetHistory ListMeasures "
            "ListScorecards ListAreas ExplainRating GetStatus GetCluster ReadLog ReadResults ListSubmissions Follow "
            "GetScorecardTargets GetEvidence WhatIf PublishView ListViews GetView".split()
        ),
        methods,
    )
    status = contract.ask("GetStatus")
    hold(status.authority == "E10000016" and status.time_zone == "Europe/London", status)
    hold(status.position > 100 and len(status.chain) == 64 and status.n_measures == 30, status)


def instructions(contract):
    head = contract.head()
    receipt = contract.receipt(instructions=[result("2018-10")])
    hold((receipt.first_position, receipt.last_position, receipt.already) == (head + 1, head + 2, False), receipt)
    hold(len(receipt.chain) == 64 and receipt.recorded_at.seconds > 0, receipt)
    answer = contract.ask(
        "GetScorecard",
        scorecard="cype",
        period="2018-10",
        as_of={"at_least_position": receipt.last_position},
    )
    hold(answer.scorecard.basis.position >= receipt.last_position, answer.scorecard.basis)
    rows = [row for section in answer.scorecard.sections for row in section.rows]
    row = next(row for row in rows if row.cell.measure == "ehcp-20-weeks")
    hold(row.cell.period == "2018-10" and row.rating_word == "Red", row)
    hold(row.result.provenance.actor.id == "python.client", row.result.provenance)
    hold(not row.result.provenance.actor.authenticated, "who only says so is asserted")
    nothing = contract.ask("Submit", actor="python.client", instructions=[result("2018-10")], reason="again", preview_only=True)
    hold(nothing.preview.tallies[0].n_unchanged == 1 and not nothing.HasField("receipt"), nothing)


def retries(contract):
    identifier = str(uuid.uuid4())
    asked = dict(submission_id=identifier, instructions=[result("2018-10")])
    first = contract.receipt(**asked)
    hold(first.submission_id == identifier and not first.already, first)
    second = contract.receipt(**asked)
    hold(second.already, second)
    first.already = True
    hold(first == second, "answered as the first time", first, second)
    error = contract.refuse(
        "Submit",
        grpc.StatusCode.ALREADY_EXISTS,
        actor="python.client",
        reason="a test",
        submission_id=identifier,
        instructions=[result("2018-10", **stated(50))],
    )
    violation = details(error, "PreconditionFailure").violations[0]
    hold(violation.subject == "submission_id" and "identifier of its own" in violation.description, violation)
    unnamed = dict(instructions=[result("2018-10")])
    third, fourth = contract.ask("Submit", actor="a", reason="r", **unnamed), contract.ask("Submit", actor="a", reason="r", **unnamed)
    hold(fourth.receipt.already and third.receipt.submission_id == fourth.receipt.submission_id, third, fourth)
    hold(third.receipt.last_position == fourth.receipt.last_position, third, fourth)


def chunks(contract, header, contents, size):
    part = contract.message("SubmitStreamRequest")
    yield part(header=header)
    for index, content in enumerate(contents):
        for at in range(0, len(content), size):
            yield part(chunk={"file": index, "content": content[at : at + size]})


def streaming(contract):
    rows = ["measure,area,period,value,reason"]
    reason = "r" * 900
    for year in range(1900, 2190):
        for month in range(1, 13):
            rows.append(f"ehcp-20-weeks,E07000105,{year}-{month:02},{month},{reason}{year}")
            if month % 2:
                rows.append(f"ehcp-20-weeks,E07000106,{year}-{month:02},{month},{reason}{year}")
    large = ("\n".join(rows) + "\n").encode()
    hold(len(large) > 4 * MIB, "larger than a message", len(large))
    small = b"measure,area,period,value\nehcp-20-weeks,E10000016,2018-10,44.1\n"
    head = contract.head()
    submit = contract.rpc("SubmitStream")
    header = {"actor": "python.client", "reason": "streamed", "files": [{"name": "large.csv"}, {"name": "small.csv"}]}
    preview = submit(chunks(contract, {**header, "preview_only": True}, [large, small], 700_001), timeout=PATIENCE_S)
    hold(preview.preview.tallies[0].n_new == len(rows), preview.preview.tallies)
    hold([it.size for it in preview.preview.sources] == [len(large), len(small)], preview.preview.sources)
    answer = submit(chunks(contract, header, [large, small], MIB), timeout=PATIENCE_S)
    hold(answer.receipt.first_position == head + 1 and not answer.receipt.already, answer.receipt)
    again = submit(chunks(contract, header, [large, small], 123_456), timeout=PATIENCE_S)
    hold(again.receipt.already and again.receipt.last_position == answer.receipt.last_position, again.receipt)
    history = contract.ask("GetMeasureHistory", measure="ehcp-20-weeks", area="E07000105", page_size=1)
    hold(history.history.basis.position == answer.receipt.last_position, history.history.basis)

    def refused(parts, code):
        try:
            hold(False, "should be refused", submit(parts, timeout=PATIENCE_S))
        except grpc.RpcError as error:
            hold(error.code() == code, error.code(), error.details())
            return error

    bad = grpc.StatusCode.INVALID_ARGUMENT
    refused(iter(()), bad)
    refused(chunks(contract, header, [large, small], MIB + 1), bad)
    part = contract.message("SubmitStreamRequest")
    refused(iter([part(chunk={"file": 0, "content": b"x"})]), bad)
    refused(iter([part(header=header), part(header=header)]), bad)
    refused(iter([part(header=header), part(chunk={"file": 2, "content": b"x"})]), bad)
    refused(iter([part(header=header), part(chunk={"file": 1, "content": b"x"}), part(chunk={"file": 0, "content": b"x"})]), bad)


def refusals(contract):
    head = contract.head()
    bad = grpc.StatusCode.INVALID_ARGUMENT

    def fields(name, **asked):
        violations = details(contract.refuse(name, bad, **asked), "BadRequest").field_violations
        hold(violations and all(it.description for it in violations), violations)
        return [it.field for it in violations]

    error = contract.refuse("GetScorecard", bad, scorecard="cype", period="July 20188")
    violation = details(error, "BadRequest").field_violations[0]
    hold(violation.field == "period" and "is not a period" in violation.description, violation)
    hold(fields("GetScorecard", period="2018-09") == ["scorecard"])
    hold(fields("GetMeasureHistory", measure="ehcp-20-weeks", page_size=1001) == ["page_size"])
    hold(fields("GetMeasureHistory", measure="ehcp-20-weeks", page_token="nonsense") == ["page_token"])
    hold(fields("Submit", instructions=[result("2018-10")]) == ["actor"])
    hold("submission_id" in fields("Submit", actor="a", submission_id="nonsense", instructions=[result("2018-10")])[0])
    period = fields("Submit", actor="a", reason="r", instructions=[result("2018-10"), result("2018-13")])
    hold(period == ["instructions[1].record_result.cell.period"], period)
    both = dict(scorecard="cype", period="2018-09", as_of={"known_on": "2018-11-29", "known_at": {"seconds": 1}})
    fields("GetScorecard", **both)
    fields("GetScorecard", scorecard="cype", period="2018-09", as_of={"known_on": "29/11/2018"})
    fields("Submit", actor="a", reason="r", instructions=[{"reason": "no command"}])
    fields("Submit", actor="a", reason="r")
    file = {"name": "figures.csv", "content": b"measure,area,period,value\nehcp-20-weeks,E10000016,2018-10,4x\n"}
    where = fields("Submit", actor="a", reason="r", files=[file])
    hold(where == ["figures.csv:2:value"], where)
    twice = [result("2018-10"), result("2018-10", **stated(500))]
    contract.refuse("Submit", grpc.StatusCode.FAILED_PRECONDITION, actor="a", reason="r", instructions=twice)
    unknown = result("2018-10")
    unknown["record_result"]["cell"]["measure"] = "no-such"
    error = contract.refuse("Submit", grpc.StatusCode.FAILED_PRECONDITION, actor="a", reason="r", instructions=[unknown])
    hold("no-such" in error.details() and "define it first" in error.details(), error.details())
    contract.refuse("GetScorecard", grpc.StatusCode.NOT_FOUND, scorecard="no-such", period="2018-09")
    contract.refuse("GetMeasureHistory", grpc.StatusCode.NOT_FOUND, measure="no-such")
    large = {"name": "large.csv", "content": b"x" * (4 * MIB + 1)}
    try:
        hold(False, "too large, and taken", contract.ask("Submit", actor="a", reason="r", files=[large]))
    except grpc.RpcError as error:
        too_large = (grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.OUT_OF_RANGE)
        hold(error.code() in too_large and "4194304" in error.details(), error.code(), error.details())
    many = [{"name": f"{n}.csv", "content": b"area\n"} for n in range(17)]
    contract.refuse("Submit", bad, actor="a", reason="r", files=many)
    hold(contract.head() == head, "nothing refused is recorded")
    # So many that they are not read at all: two bytes each in a message that is well below its bound.
    error = contract.refuse("Submit", grpc.StatusCode.INVALID_ARGUMENT, actor="a", instructions=[{}] * 1_000_000)
    hold("more than 20000 fields" in error.details(), error.details())


def rules(contract):
    unknown = result("2018-10")
    unknown["record_result"]["cell"]["measure"] = "no-such"
    asked = dict(actor="a", reason="r", instructions=[unknown])
    error = contract.refuse("Submit", grpc.StatusCode.FAILED_PRECONDITION, **asked)
    violations = details(error, "PreconditionFailure").violations
    hold(violations and "no-such is not defined" in violations[0].description, violations)
    hold("define it first" in violations[0].description, violations)


def all_pages(contract, name, items, size, **asked):
    """Every item of a listing, and how many pages it took."""
    found, token, n_pages = [], "", 0
    while True:
        answer = contract.ask(name, page_size=size, page_token=token, **asked)
        page = list(items(answer))
        hold(len(page) <= size, "a page is no longer than was asked", len(page))
        found.extend(page)
        n_pages += 1
        token = answer.next_page_token
        if not token:
            return found, n_pages


def filled_in(history):
    """The changes of a history, each with what the history says once for several."""
    for change in history.changes:
        if change.key_place:
            set_for = history.keys[change.key_place - 1]
            change.key.CopyFrom(set_for.key)
            change.owner_words = set_for.owner_words
        if change.submission_place:
            submission = history.submissions[change.submission_place - 1]
            come_from = change.provenance
            come_from.submission_id = submission.submission_id
            come_from.actor.CopyFrom(submission.actor)
            come_from.recorded_at.CopyFrom(submission.recorded_at)
            if come_from.HasField("origin"):
                come_from.origin.file = submission.file
                come_from.origin.file_name = submission.file_name
        if change.standing and not change.stands:
            change.stands.add(span=change.span, words=change.span_words)
        change.key_place = change.submission_place = 0
    return history.changes


def pages(contract):
    for month in range(1, 8):
        contract.receipt(instructions=[result(f"2019-{month:02}", **stated(400 + month))])
    rows, n_pages = all_pages(contract, "GetMeasureHistory", lambda it: it.history.rows, 3, measure="ehcp-20-weeks")
    periods = [row.cell.period for row in rows]
    hold(periods == ["2018-09"] + [f"2019-{month:02}" for month in range(1, 8)], periods)
    hold(n_pages == 3, n_pages)
    first = contract.ask("GetMeasureHistory", measure="ehcp-20-weeks", page_size=3)
    contract.receipt(instructions=[result("2017-01", **stated(399))])
    second = contract.ask("GetMeasureHistory", measure="ehcp-20-weeks", page_size=3, page_token=first.next_page_token)
    hold([row.cell.period for row in second.history.rows] == periods[3:6], "a page keeps the bounds of the first")
    hold(second.history.basis.position == first.history.basis.position, second.history.basis)
    contract.refuse(
        "GetMeasureHistory",
        grpc.StatusCode.INVALID_ARGUMENT,
        measure="care-leavers-eet",
        page_size=3,
        page_token=first.next_page_token,
    )
    submitted = []
    for number in range(4):
        change = {
            "change_target": {
                "key": {"measure": "ehcp-20-weeks", "area": "E10000016", "cohort": "all", "owner": "OWNER_LOCAL"},
                "span": {"from": "2018-04-01", "to": "2019-04-01"},
                "terms": {"target": {"at_least": {"coefficient": 90 + number}}},
                "decision": f"minute {number}",
            }
        }
        submitted.append(contract.receipt(instructions=[change]).submission_id)
    changes, n_pages = all_pages(contract, "GetTargetHistory", lambda it: filled_in(it.history), 2, measure="ehcp-20-weeks")
    hold(len(changes) == 5 and n_pages == 3, len(changes), n_pages)
    hold([change.provenance.submission_id for change in changes][1:] == submitted, "each with its own submission", changes)
    hold(changes[0].provenance.origin.file_name and changes[0].provenance.origin.line > 1, "from a file", changes[0])
    key = changes[0].key
    hold((key.measure, key.area) == ("ehcp-20-weeks", "E10000016") and all(it.key == key for it in changes), changes)
    hold([len(it.stands) for it in changes] == [0, 0, 0, 0, 1] and changes[4].stands[0].span == changes[4].span, changes)
    decisions = [change.decision for change in changes]
    hold(sorted(set(decisions)) == sorted(decisions), "each change once", decisions)
    hold(all(change.provenance.actor.id for change in changes), "each says who")
    measures, n_pages = all_pages(contract, "ListMeasures", lambda it: it.directory.measures, 7)
    codes = [it.definition.measure for it in measures]
    hold(len(codes) == 30 and codes == sorted(set(codes)) and n_pages == 5, codes, n_pages)
    found, _ = all_pages(contract, "ListMeasures", lambda it: it.directory.measures, 10, query="SCHOOLS")
    hold(found and all("school" in it.definition.title.lower() + it.definition.measure for it in found), found)
    areas, n_pages = all_pages(contract, "ListAreas", lambda it: it.areas, 5)
    hold(len(areas) == 17 and n_pages == 4, len(areas), n_pages)
    cards, _ = all_pages(contract, "ListScorecards", lambda it: it.scorecards, 1)
    hold([it.scorecard for it in cards] == ["cype"] and cards[0].n_rows == 31, cards)


def questions(contract):
    head = contract.head()
    asked = dict(scorecard="cype", period="2018-09")
    then = {"known_on": "2018-11-29", "at_position": head}
    given = contract.ask("GetScorecard", as_of=then, **asked)
    counts = given.scorecard.counts
    hold((counts.green, counts.amber, counts.red, counts.n_not_rated, counts.total) == (8, 8, 4, 11, 31), counts)
    hold(counts.green + counts.amber + counts.red + counts.n_not_rated == counts.total, counts)
    hold(sum(it.n_rows for it in counts.not_rated) == counts.n_not_rated, counts)
    hold(given.scorecard.basis.position == head and len(given.scorecard.basis.chain) == 64, given.scorecard.basis)
    contract.receipt(instructions=[result("2018-09", **stated(990))], cause="CAUSE_CORRECTION_OF_ERROR")
    again = contract.ask("GetScorecard", as_of=then, **asked)
    hold(again.SerializeToString() == given.SerializeToString(), "the same bytes at a fixed time and position")
    now = contract.ask("GetScorecard", **asked).scorecard
    hold((now.counts.green, now.counts.red) == (9, 3), now.counts)
    cell = {"measure": "ehcp-20-weeks", "period": "2018-09", "cohort": "all"}
    explained = contract.ask("ExplainRating", cell=cell, as_of=then)
    hold(explained.row.rating_word == "Red" and "759 of 1,747" in explained.sentences[0], explained.sentences)
    explained = contract.ask("ExplainRating", cell=cell)
    hold(explained.row.rating_word == "Green", explained.sentences)
    compared = contract.ask("CompareScorecards", before={"as_of": then, **asked}).comparison
    hold(compared.n_differences == len(compared.differences) > 0, compared)
    hold(all(it.causes for it in compared.differences if it.before == "Red" and it.after == "Green"), compared)
    sentences = " ".join(it.sentence for it in compared.differences)
    hold("from Red to Green" in sentences, sentences)
    contract.refuse("GetScorecard", grpc.StatusCode.NOT_FOUND, as_of={"at_position": 100}, **asked)
    held = contract.ask("GetScorecard", as_of={"recorded_on": "2099-12-31", "at_position": head}, **asked).scorecard
    hold(held.basis.position == head, "the lowest position wins", held.basis)
    contract.refuse("GetScorecard", grpc.StatusCode.NOT_FOUND, as_of={"recorded_on": "2000-01-01"}, **asked)


def audits(contract):
    asked = dict(scorecard="cype", period="2018-09")
    before = contract.ask("GetStatus")
    targets = contract.ask("GetScorecardTargets", scorecard="cype", as_of={"known_on": "2018-11-29"}, judged=True).targets
    hold(all(it.changes[0].standing for it in targets if it.changes), targets)
    hold(all(it.changes[0].judged.words for it in targets if it.changes), targets)
    short = contract.ask("GetTargetHistory", measure="care-leavers-eet").history
    hold(not short.changes[0].HasField("judged"), "what is not asked for is absent", short)
    recorded = contract.ask("GetTargetHistory", measure="care-leavers-eet", as_recorded=True).history
    hold(len(recorded.changes) == len(short.changes) > 0, recorded)
    for bare, told in zip(filled_in(recorded), filled_in(short)):
        same = ("key", "span", "terms", "decision", "rolled_back", "provenance")
        hold(all(getattr(bare, field) == getattr(told, field) for field in same), bare, told)
        hold(told.display and told.span_words and not bare.display and not bare.span_words, "words are left out", bare)
    contract.refuse(
        "GetTargetHistory",
        grpc.StatusCode.INVALID_ARGUMENT,
        measure="care-leavers-eet",
        as_recorded=True,
        standing_only=True,
    )
    evidence = contract.ask("GetEvidence", measure="care-leavers-eet", on="2018-12-01").evidence
    hold(evidence.target.display == "65.0% or more", evidence.target)
    hold(evidence.target.key.area and evidence.target.provenance.submission_id, "by itself it says all", evidence.target)
    hold(evidence.target not in evidence.history.changes, "in a history it leaves out what is said once")
    hold(evidence.target in filled_in(evidence.history), "and is the same filled in", evidence)
    hold([it.row.rating_word for it in evidence.figures] == ["Amber"], evidence.figures)
    for told in evidence.records:
        read = contract.ask("ReadLog", after_position=told.record.position - 1, page_size=1).envelopes
        hold(list(read) == [told.record] and len(told.chain) == 64, told)
    hold(evidence.proves and evidence.does_not_prove and all(it.agrees for it in evidence.files), evidence.files)
    contract.refuse("GetEvidence", grpc.StatusCode.INVALID_ARGUMENT, measure="care-leavers-eet")
    content = (
        b"measure,area,owner,from,to,comparison,target,minimum,decision,reason\n"
        b"care-leavers-eet,E10000016,local,FY2018,FY2018,at-least,80,70,draft,draft\n"
    )
    answer = contract.ask("WhatIf", files=[{"name": "draft.csv", "content": content}], **asked)
    hold([it.supposed.rating_word for it in answer.rated_otherwise] == ["Red"], answer.rated_otherwise)
    hold([it.reported.rating_word for it in answer.rated_otherwise] == ["Amber"], answer.rated_otherwise)
    hold(answer.supposed == answer.scorecard.supposed and answer.supposed.startswith("Not what was reported"), answer)
    contract.refuse("WhatIf", grpc.StatusCode.INVALID_ARGUMENT, **asked)
    after = contract.ask("GetStatus")
    hold((after.position, after.chain) == (before.position, before.chain), "nothing of it is stored", after)


def grids(contract):
    measures, periods = ["ehcp-20-weeks", "re-referrals-within-12-months"], ["2018-08", "2018-09"]
    grid = contract.ask("GetGrid", measures=measures, periods=periods).grid
    hold(list(grid.areas) == ["E10000016"] and [it.measure for it in grid.measures] == measures, grid)
    def entries(column, signed=False):
        size = column.entry_bytes
        parts = [column.entries[at : at + size] for at in range(0, len(column.entries), size)]
        return [int.from_bytes(part, "little", signed=signed) for part in parts]

    outcomes = [grid.outcomes[place] for place in entries(grid.outcome_places)]
    numbers, targets = entries(grid.numbers, signed=True), entries(grid.target_places)
    hold(len(outcomes) == len(numbers) == len(targets) == 4, grid)
    ratings = {1: "Green", 2: "Amber", 3: "Red", 4: "not rated"}
    cells = [(measure, period) for measure in measures for period in periods]
    for at, (measure, period) in enumerate(cells):
        cell = dict(measure=measure, area="E10000016", cohort="all", period=period)
        row = contract.ask("ExplainRating", cell=cell).row
        outcome = outcomes[at]
        hold(ratings[outcome.rating] == row.rating_word, at, row.rating_word)
        hold(outcome.direction == row.direction.direction, at, row.direction)
        hold((outcome.kind == 0) == (not row.HasField("result")), at, row)
        hold(outcome.not_rated_code == row.not_rated_code, at, row.not_rated_code)
        hold(outcome.not_rated_reason == row.not_rated_reason, at, row.not_rated_reason)
        figure = row.result.entry.figure
        if outcome.kind == 1:
            value = figure.stated.value
            hold((numbers[at], outcome.scale) == (value.coefficient, value.scale), at, figure)
        elif outcome.kind == 2:
            hold(grid.ratios[numbers[at]] == figure, at, figure)
        place = targets[at]
        hold((grid.targets[place - 1] == row.target.terms) if place else not row.HasField("target"), at, row.target)
    nothing = grpc.StatusCode.INVALID_ARGUMENT
    contract.refuse("GetGrid", nothing, periods=periods)
    contract.refuse("GetGrid", nothing, measures=measures, periods=list(reversed(periods)))
    contract.refuse("GetGrid", grpc.StatusCode.NOT_FOUND, measures=["no-such-measure"], periods=periods)


def views(contract):
    meeting = dict(committee="Cabinet Committee", on="2018-11-29")
    asked = dict(actor="clerk", scorecard="cype", period="2018-09", meeting=meeting, over_warnings="agreed")
    error = contract.refuse("PublishView", grpc.StatusCode.FAILED_PRECONDITION, **asked)
    found = {violation.type for violation in details(error, "PreconditionFailure").violations}
    hold("red-without-action" in found, found)
    check = contract.ask("PublishView", check_only=True, **asked).check
    hold(check.n_in_the_way + check.n_warnings == len(check.findings), check)
    hold("rows." in check.counted, check.counted)
    codes = {"red-without-commentary": "write_commentary", "red-without-action": "agree_action"}
    acts = []
    for finding in check.findings:
        if finding.code in codes:
            act = dict(cell=finding.cell, text="It is being seen to.")
            if finding.code == "red-without-action":
                act.update(owner="Standards", due="2019-03-31")
            acts.append({codes[finding.code]: act})
    hold(len(acts) == check.n_in_the_way, acts)
    contract.receipt(instructions=acts)
    checked = contract.ask("PublishView", check_only=True, **asked)
    hold(checked.check.n_in_the_way == 0 and not checked.HasField("receipt"), checked.check)
    first = contract.ask("PublishView", checked_position=checked.check.basis.position, **asked)
    hold(first.view.sha256 == checked.check.sha256, first.view)
    again = contract.ask("PublishView", **asked)
    hold(again.receipt.already and again.view == first.view, again)
    asked["over_warnings"] = "otherwise"
    contract.refuse("PublishView", grpc.StatusCode.ALREADY_EXISTS, **asked)
    code = first.view.view
    noted = dict(record_committee_act=dict(view=code, act="COMMITTEE_ACT_NOTED"))
    told = dict(figure=dict(stated=dict(value=dict(coefficient=441, scale=1))), status="STATUS_PROVISIONAL")
    cell = dict(measure="ehcp-20-weeks", area="E10000016", cohort="all", period="2018-10")
    late = dict(tell_late_figure=dict(view=code, cell=cell, told=told))
    end = contract.receipt(instructions=[noted, late]).last_position
    contract.receipt(instructions=[result("2018-09", **stated(999))])
    shown = contract.ask("GetView", view=code, at_position=end)
    hold(hashlib.sha256(shown.content).hexdigest() == first.view.sha256, "the bytes are those of the digest")
    hold(shown.content.startswith(b"view/1\n") and shown.replay.same, shown.replay)
    hold(len(shown.acts) == 1 and shown.late_figures[0].display == "44.1%", shown.late_figures)
    rows = [row for section in shown.scorecard.sections for row in section.rows]
    hold(any(row.cell.measure == "ehcp-20-weeks" and row.result.display == "43.4%" for row in rows), "as it was seen")
    before = contract.ask("GetView", view=code, at_position=first.receipt.last_position)
    hold(not before.acts and before.content == shown.content, "nothing beside it yet")
    listed = contract.ask("ListViews", committee="cabinet").views
    hold([view.view for view in listed] == [code] and listed[0].n_beside == 2, listed)
    hold(not contract.ask("ListViews", on="2018-11-30").views, "no other meeting")
    contract.refuse("GetView", grpc.StatusCode.NOT_FOUND, view="no-such")


def log(contract):
    receipt = contract.receipt(instructions=[result("2018-10")])
    found, after = [], 0
    while True:
        page = contract.ask("ReadLog", after_position=after, page_size=50)
        hold(len(page.envelopes) <= 50, len(page.envelopes))
        found.extend(page.envelopes)
        after = page.next_after_position
        if after == page.head_position:
            break
    hold([it.position for it in found] == list(range(1, receipt.last_position + 1)), "dense, in order, once each")
    hold(len({it.event_id for it in found}) == len(found), "an identifier each")
    hold(found[0].WhichOneof("event") == "log_opened", found[0])
    hold(all(it.actor.id and it.submission_id for it in found), "every record says who and with what")
    hold(found[-1].last_of_commit and not found[-2].last_of_commit, found[-2:])

    def read(**filters):
        return contract.ask("ReadLog", page_size=1000, **filters).envelopes

    targets = read(event_types=["TargetChanged"])
    hold(len(targets) == 21 and all(it.WhichOneof("event") == "target_changed" for it in targets), len(targets))
    both = read(event_types=["TargetChanged", "ResultRecorded"], measure="ehcp-20-weeks")
    hold(sorted(it.WhichOneof("event") for it in both) == ["result_recorded", "result_recorded", "target_changed"], both)
    mine = read(submission_id=receipt.submission_id)
    hold([it.position for it in mine] == [receipt.first_position, receipt.last_position], mine)
    hold(mine[-1].result_recorded.entry.figure.counted.denominator.coefficient == 1747, mine[-1])
    hold(not read(measure="no-such"), "no record is about what is not there")
    rest = read(after_position=receipt.first_position)
    hold([it.position for it in rest] == [receipt.last_position], "after is exclusive")
    contract.refuse("ReadLog", grpc.StatusCode.INVALID_ARGUMENT, event_types=["NoSuchEvent"])
    submissions = contract.ask("ListSubmissions").submissions
    hold(submissions[-1].submission_id == receipt.submission_id and submissions[-1].n_facts == 1, submissions[-1])


def bounds(contract):
    head = contract.head()
    asked = dict(scorecard="cype", period="2018-09")
    failures = []

    def far_away(name, **fields):
        began = time.monotonic()
        try:
            contract.refuse(name, grpc.StatusCode.DEADLINE_EXCEEDED, **fields)
            took = time.monotonic() - began
            if not 4 < took < 30:
                failures.append(f"{name} waits about 5 s, and took {took}")
        except SystemExit as failure:
            failures.append(str(failure))

    far = {"as_of": {"at_least_position": 10_000_000}}
    waiting = [
        threading.Thread(target=far_away, args=("GetScorecard",), kwargs={**asked, **far}),
        threading.Thread(target=far_away, args=("ListMeasures",), kwargs=far),
        threading.Thread(target=far_away, args=("GetStatus",), kwargs={"at_least_position": 10_000_000}),
        threading.Thread(target=far_away, args=("ReadLog",), kwargs={"at_least_position": 10_000_000}),
    ]
    for thread in waiting:
        thread.start()
    for position in (head + 1, 10_000_000):
        error = contract.refuse("GetScorecard", grpc.StatusCode.OUT_OF_RANGE, as_of={"at_position": position}, **asked)
        hold(str(position) in error.details() and str(head) in error.details(), error.details())
    contract.ask("GetScorecard", as_of={"at_position": head, "at_least_position": head}, **asked)
    soon = {}

    def wait_for_the_next():
        soon["answer"] = contract.ask("GetStatus", at_least_position=head + 2)

    reader = threading.Thread(target=wait_for_the_next)
    reader.start()
    receipt = contract.receipt(instructions=[result("2018-10")])
    reader.join(PATIENCE_S)
    hold(soon["answer"].position >= receipt.last_position == head + 2, soon)
    for thread in waiting:
        thread.join(PATIENCE_S)
        hold(not thread.is_alive(), "a reader that waits is answered")
    hold(not failures, failures)


def previews(contract):
    head = contract.head()
    asked = dict(actor="python.client", reason="a test", instructions=[result("2018-10")])
    preview = contract.ask("Submit", preview_only=True, **asked)
    hold(not preview.HasField("receipt") and preview.preview.token.position == head, preview)
    change = preview.preview.changes[0]
    hold("ehcp-20-weeks" in change.subject and "43.4" in change.after and change.before == "", change)
    contract.receipt(instructions=[result("2018-10", **stated(500))])
    error = contract.refuse("Submit", grpc.StatusCode.ABORTED, expected=preview.preview.token, **asked)
    hold("preview" in error.details() or details(error, "PreconditionFailure").violations, error.details())
    hold(contract.head() == head + 2, "nothing of it is recorded")
    fresh = contract.ask("Submit", preview_only=True, **asked).preview
    hold(fresh.changes[0].before and fresh.tallies[0].n_revised == 1, fresh)
    accepted = contract.ask("Submit", expected=fresh.token, **asked)
    hold(accepted.receipt.last_position == head + 4, accepted)


def following(contract):
    def begin(**fields):
        return contract.ask("Follow", **fields)

    def until_caught_up(feed):
        items = []
        for item in feed:
            if item.WhichOneof("item") == "caught_up":
                return items, item
            items.append(item)
        raise SystemExit(f"the feed ended: {items[-1:]}")

    live = begin()
    items, caught_up = until_caught_up(live)
    head = contract.head()
    positions = [it.event.position for it in items if it.WhichOneof("item") == "event"]
    hold(positions == list(range(1, head + 1)), "every record, in order", positions)
    changes = [it.rating_changed for it in items if it.WhichOneof("item") == "rating_changed"]
    hold(len(changes) == 32, len(changes))
    order = [(it.position, it.ordinal, it.cell.measure, it.cell.area, it.cell.cohort, it.cell.period) for it in changes]
    hold(order == sorted(order) and [it[1] for it in order] == list(range(1, 33)), order)
    hold(all(it.causes and it.before != it.after for it in changes), changes[0])
    # From any item, what follows it.
    for at in range(0, len(items), 7):
        rest, _ = until_caught_up(begin(cursor=items[at].cursor))
        hold(rest == items[at + 1 :], at)
    hold(until_caught_up(begin(cursor=caught_up.cursor))[0] == [], "nothing follows the last word")
    hold(until_caught_up(begin(after_position=head))[0] == [], "nothing follows the head")
    # What comes, comes on the feed that is open.
    receipt = contract.receipt(instructions=[result("2018-10")])
    came = [next(live) for _ in range(receipt.last_position - head + 1)]
    hold([it.WhichOneof("item") for it in came] == ["event", "event", "rating_changed"], came)
    change = came[-1].rating_changed
    hold((change.position, change.ordinal, change.after.word) == (receipt.last_position, 1, "Red"), change)
    hold(change.cell.period == "2018-10" and change.causes[-1].sentence, change)
    wanted = dict(after_position=head, types=["RatingChanged"], measures=["ehcp-20-weeks"], scorecard="cype")
    hold(until_caught_up(begin(**wanted))[0] == came[-1:], "the filters agree on one")
    live.cancel()

    def refuse(code, **fields):
        try:
            answer = next(begin(**fields))
        except grpc.RpcError as error:
            hold(error.code() == code, fields, "should say", code, "and says", error.code(), error.details())
            return
        raise SystemExit(f"{fields} should say {code} and answers {answer}")

    for spoilt in ("x", caught_up.cursor + "0", caught_up.cursor.upper()):
        refuse(grpc.StatusCode.INVALID_ARGUMENT, cursor=spoilt)
    refuse(grpc.StatusCode.INVALID_ARGUMENT, cursor=caught_up.cursor, after_position=3)
    refuse(grpc.StatusCode.INVALID_ARGUMENT, types=["NoSuchEvent"])
    refuse(grpc.StatusCode.INVALID_ARGUMENT, measures=["m"] * 257)
    refuse(grpc.StatusCode.FAILED_PRECONDITION, cursor=caught_up.cursor[:-16] + "0" * 16)
    refuse(grpc.StatusCode.OUT_OF_RANGE, after_position=10_000_000)


def full_disk(contract):
    """Against a server whose disk has only the reserve left."""
    head = contract.head()
    asked = dict(actor="python.client", reason="a test", instructions=[result("2018-10")])
    for _ in range(3):
        error = contract.refuse("Submit", grpc.StatusCode.RESOURCE_EXHAUSTED, **asked)
        hold("the disk of " in error.details() and "make room on that disk" in error.details(), error.details())
        hold(details(error, "RetryInfo").retry_delay.seconds == 60, error)
        violation = details(error, "QuotaFailure").violations[0]
        hold(violation.subject == "disk" and "make room" in violation.description, violation)
    hold(contract.head() == head, "nothing was recorded")
    status = contract.ask("GetStatus")
    hold(len(status.warnings) == 1 and "the disk of " in status.warnings[0] and not status.read_only, status)
    answer = contract.ask("GetScorecard", scorecard="cype", period="2018-09")
    hold(answer.scorecard.basis.position == head, answer.scorecard.basis)
    hold(contract.ask("Submit", preview_only=True, **asked).preview.tallies[0].n_new == 1, "what it would change is shown")
    health = health_pb2_grpc.HealthStub(contract.channel).Check(health_pb2.HealthCheckRequest(service=SERVICE))
    hold(health.status == health_pb2.HealthCheckResponse.SERVING, health)


CHAPTERS = {
    chapter.__name__: chapter
    for chapter in (discovery, instructions, retries, streaming, refusals, rules, pages, questions, audits, grids, views, log, following, bounds, previews, full_disk)
}


def main():
    address, chapter = sys.argv[1:]
    options = [("grpc.max_receive_message_length", 64 * MIB), ("grpc.enable_http_proxy", 0)]
    with grpc.insecure_channel(address, options=options) as channel:
        grpc.channel_ready_future(channel).result(timeout=PATIENCE_S)
        CHAPTERS[chapter](Contract(channel))
    print(f"{chapter}: every check held")


if __name__ == "__main__":
    main()
