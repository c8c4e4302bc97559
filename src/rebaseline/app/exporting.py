"""Stored attempts as JSON Lines, in the form that `import` reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rebaseline.app.judge_requests import requests_of_reply
from rebaseline.app.sides import nothing_stored
from rebaseline.app.workspace import Workspace
from rebaseline.checks.judging.answers import read_vote
from rebaseline.domain.attempt import Answered, Faulted, Rejected
from rebaseline.domain.judge import judging_suite
from rebaseline.domain.record import AttemptRecord
from rebaseline.domain.suite import Suite
from rebaseline.errors import NoBaselineError
from rebaseline.store.store import Store

__all__ = ["export_replies"]


def export_replies(
    workspace: Workspace, model_name: str, *, suite_id: str, target_name: str | None = None, judgements: bool = False
) -> Iterator[str]:
    """Yield one line an attempt, ordered by probe and sample; an import of them gives the same readings.

    Args:
        workspace: The project.
        model_name: The served id.
        suite_id: Suite id.
        target_name: Target name; None where the project has one only.
        judgements: Add what the judges of the suite said of each reply, word for word.

    Raises:
        NoBaselineError: Nothing is stored of the model version.
        UsageError: There is no such suite or target.
    """
    suite = workspace.suites([suite_id])[0]
    target = workspace.target(target_name)
    wording = {probe.id: probe.fingerprint for probe in suite.probes}
    found = False
    with workspace.open_store() as store:
        for record in store.attempts(suite.id, target.name, model_name, probe_fingerprints=wording):
            found = True
            said = {"judgements": list(_judgements(workspace, store, suite, record))} if judgements else {}
            yield json.dumps(_line(record) | said, ensure_ascii=True)
        if not found:
            problem, remedy = nothing_stored(store, [suite], target, model_name)
            raise NoBaselineError(problem, remedy=remedy)


def _judgements(workspace: Workspace, store: Store, suite: Suite, record: AttemptRecord) -> Iterator[dict[str, Any]]:
    """Yield the judges' answers about one reply, as they were received."""
    probe = next(probe for probe in suite.probes if probe.id == record.probe)
    reply = record.attempt.reply if isinstance(record.attempt, Answered) else None
    for judge, request in () if reply is None else requests_of_reply(workspace, suite, probe, reply):
        version = judge.version
        for sample in range(judge.samples):
            stored = store.attempt(
                judging_suite(suite.id, judge.id), version.target, version.served, request.id, sample
            )
            if stored is not None and isinstance(stored.attempt, Answered):
                vote = read_vote(judge, stored.attempt)
                yield {
                    "judge": judge.id,
                    "version": version.served,
                    "value": None if vote is None else vote.value,
                    "answer": stored.attempt.reply.text,
                }


def _line(record: AttemptRecord) -> dict[str, Any]:
    line: dict[str, Any] = {"probe": record.probe, "sample": record.sample, "response": None}
    match record.attempt:
        case Answered() as answered:
            line.update(_answer(answered))
        case Rejected(status=status, culprit=culprit, hint=hint):
            line["error"] = _stated(type="rejected", status=status, culprit=culprit, message=hint)
        case Faulted(kind=kind, status=status, hint=hint):
            line["error"] = _stated(type=kind, status=status, message=hint)
    line["received_at"] = record.received_at.isoformat()
    return line


def _answer(answered: Answered) -> dict[str, Any]:
    reply, usage = answered.reply, answered.usage
    calls = [{"name": call.name, "arguments": call.arguments} for call in reply.tool_calls]
    return {
        "response": reply.text,
        **_stated(
            stop_reason=reply.stop_as_received,
            served_model=answered.served_model,
            fingerprint=answered.system_fingerprint,
            usage=_stated(input_tokens=usage.input_tokens, output_tokens=usage.output_tokens) or None,
            latency_seconds=None if answered.latency_seconds is None else round(answered.latency_seconds, 3),
            tool_calls=calls or None,
        ),
    }


def _stated(**fields: Any) -> dict[str, Any]:
    """Leave out what is not known."""
    return {key: value for key, value in fields.items() if value is not None and value != ""}
