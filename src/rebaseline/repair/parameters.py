"""`accepted`: drop, rename or move the parameter for which requests are rejected. It must be asked anew to be tried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rebaseline.domain.edit import Drop, Edit, Place, Put, Rename
from rebaseline.domain.repair import Proposal, RepairKind
from rebaseline.domain.verdict import Reason
from rebaseline.repair.facts import Facts
from rebaseline.repair.requests import asks_words, parameter_places

__all__ = ["propose_parameters"]

_NAMES: Mapping[str, Mapping[str, str]] = {
    "max_tokens": {
        "openai": "max_completion_tokens",
        "azure-openai": "max_completion_tokens",
        "openai-compatible": "max_completion_tokens",
    },
    "max_completion_tokens": {"openai-compatible": "max_tokens"},
    "functions": {"openai": "tools", "azure-openai": "tools"},
    "function_call": {"openai": "tool_choice", "azure-openai": "tool_choice"},
}
"""What providers call now what they took before, by type of target."""
_JOINTS = (" with ", ", ")


def propose_parameters(facts: Facts, reason: Reason) -> Iterator[Proposal]:
    """Propose for each culprit what may be done with it wherever it stands."""
    for culprit in sorted(facts.culprits, key=lambda name: (-facts.culprits[name], name)):
        parts = _parts(culprit)
        together = [place for name in parts for place in parameter_places(facts, name)]
        if not together:
            continue
        for name in parts:
            yield from _of_one(facts, reason, name, culprit)
        if len(parts) > 1:
            dropped = tuple(Drop(place) for place in together)
            yield _proposal(facts, reason, RepairKind.DROP_PARAMETER, f"drop {culprit}", dropped)


def _of_one(facts: Facts, reason: Reason, name: str, culprit: str) -> Iterator[Proposal]:
    places = parameter_places(facts, name)
    if not places:
        return
    renamed = _NAMES.get(name, {}).get(facts.provider)
    if renamed is not None and not parameter_places(facts, renamed):
        edits: tuple[Edit, ...] = tuple(Rename(place, renamed) for place in places)
        yield _proposal(facts, reason, RepairKind.RENAME_PARAMETER, f"rename {name} to {renamed}", edits)
    if name == culprit or " with " in culprit:
        edits = tuple(Drop(place) for place in places)
        yield _proposal(facts, reason, RepairKind.DROP_PARAMETER, f"drop {name}", edits)
    default = _only_default(facts, name, places)
    others = facts.other_targets
    if default is not None and others:
        moves: tuple[Edit, ...] = (
            Drop(places[0]),
            *(Put(("targets", other, "parameters", name), default) for other in others),
        )
        words = f"move {name} from the suite to the settings of {', '.join(others)}, which still take it"
        yield _proposal(facts, reason, RepairKind.MOVE_PARAMETER, words, moves)


def _only_default(facts: Facts, name: str, places: tuple[Place, ...]) -> object | None:
    """Return the value of a parameter that stands among the suite's defaults and nowhere else."""
    if places != (("defaults", "parameters", name),):
        return None
    value: object = facts.written["defaults"]["parameters"][name]
    return value


def _parts(culprit: str) -> tuple[str, ...]:
    names = [culprit]
    for joint in _JOINTS:
        names = [part for name in names for part in name.split(joint)]
    return tuple(dict.fromkeys(name.strip() for name in names))


def _proposal(facts: Facts, reason: Reason, kind: RepairKind, words: str, edits: tuple[Edit, ...]) -> Proposal:
    return Proposal(
        kind=kind,
        suite=facts.suite.id,
        assertion=facts.assertion.id,
        mends=reason.broken,
        words=words,
        edits=tuple(edit for edit in edits if edit.place[0] != "targets"),
        project_edits=tuple(edit for edit in edits if edit.place[0] == "targets"),
        group=f"{facts.suite.id}: {words}",
        asks=asks_words(facts),
    )
