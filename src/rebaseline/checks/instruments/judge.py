"""`judge`: what a judge of the suite says of the reply. Its answers are stored; here they are only looked up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from rebaseline.checks.judging.answers import sum_up
from rebaseline.checks.judging.requests import requests_about
from rebaseline.checks.kind import CheckType, misused
from rebaseline.domain.attempt import Reply, Stop
from rebaseline.domain.form import Form
from rebaseline.domain.instrument import Instrument, Look, Polarity, SeededFault
from rebaseline.domain.judge import Bench, Judge
from rebaseline.domain.reading import Assumption
from rebaseline.domain.suite import Probe
from rebaseline.errors import ConfigurationError
from rebaseline.template import did_you_mean

__all__ = ["TYPES", "Judged", "judge_of"]

_WITHHELD = (Stop.REFUSED, Stop.FILTERED)


@dataclass(frozen=True, slots=True)
class Judged:
    """Passes when the judge says so.

    Attributes:
        judge: The judge.
        bench: What it said.
        fields: What its templates see.
        asked: What the reply answers.
    """

    judge: Judge
    bench: Bench
    fields: Mapping[str, Any]
    asked: str

    polarity: ClassVar[Polarity] = Polarity.CONDUCT
    tolerates: ClassVar[tuple[Form, ...]] = ()
    judges_refusal: ClassVar[bool] = True

    def look(self, reply: Reply, undo: frozenset[Form]) -> Look:  # noqa: ARG002 - a judge reads through forms
        """Read the reply; see `Instrument.look`."""
        unshown = _unshown(reply)
        if unshown is not None:
            return unshown
        votes = [self.bench.votes_of(self.judge, request.fingerprint) for request in self.requests(reply)]
        told = [vote for vote in votes if vote is not None]
        if len(told) < len(votes):
            return Look(None, f"not judged yet by {self.judge.version.served}", Assumption.JUDGED)
        return sum_up(self.judge, told)

    def requests(self, reply: Reply) -> tuple[Probe, ...]:
        """Return what the judge must be asked to read a reply; nothing where it is not shown to it."""
        return () if _unshown(reply) else requests_about(self.judge, reply, self.fields, self.asked)

    def seeded_faults(self, reply: Reply) -> tuple[SeededFault, ...]:  # noqa: ARG002
        """Return nothing: a judge would have to be asked about each. Anchors and controls show that it can fail."""
        return ()


def _unshown(reply: Reply) -> Look | None:
    """Return how a reply is read that a judge is not shown: a part is not the reply, and silence meets no rule."""
    if reply.stop in _WITHHELD:
        return Look(None, f"the provider said {reply.stop}", Assumption.ENGAGED)
    if not reply.text.strip() and not reply.tool_calls:
        return Look(None, "empty reply", Assumption.ENGAGED)
    if reply.stop in {Stop.CUT, Stop.UNKNOWN}:
        return Look(None, "not whole", Assumption.COMPLETE)
    return None


def judge_of(bench: Bench, name: Any) -> Judge:
    """Return the judge that a check names.

    Raises:
        ConfigurationError: The suite has no such judge.
    """
    if not isinstance(name, str):
        raise misused("judge", "needs the id of a judge", name, "write for example `{judge: tone}`")
    if name not in bench.judges:
        raise ConfigurationError(
            f"check `judge`: the suite has no judge `{name[:60]}`",
            remedy=did_you_mean(name, bench.judges) if bench.judges else "describe it under `judges`",
        )
    return bench.judges[name]


def _unbound(argument: Any, _options: Mapping[str, Any]) -> Instrument:
    """A judge is known to its suite only; the registry makes the instrument from there."""
    raise misused("judge", "stands in no suite", argument, "describe the judge under `judges` of the suite")


TYPES = (CheckType("judge", "A judge of the suite says that the reply meets its rule.", {"type": "string"}, _unbound),)
