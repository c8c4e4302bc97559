"""Stored attempts as JSON Lines, in the form that `import` reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rebaseline.app.sides import nothing_stored
from rebaseline.app.workspace import Workspace
from rebaseline.domain.attempt import Answered, Faulted, Rejected
from rebaseline.domain.record import AttemptRecord
from rebaseline.errors import NoBaselineError

__all__ = ["export_replies"]


def export_replies(
    workspace: Workspace, model_name: str, *, suite_id: str, target_name: str | None = None
) -> Iterator[str]:
    """Yield one line an attempt, ordered by probe and sample; an import of them gives the same readings.

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
            yield json.dumps(_line(record), ensure_ascii=True)
        if not found:
            problem, remedy = nothing_stored(store, [suite], target, model_name)
            raise NoBaselineError(problem, remedy=remedy)


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
