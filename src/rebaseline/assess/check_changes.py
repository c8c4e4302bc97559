"""What changed in a check, and in which direction, as far as that can be said without reading a reply."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from rebaseline.domain.comparison import RuleChange
from rebaseline.domain.instrument import Polarity

__all__ = ["check_changes", "polarity_of"]

_LOOSER, _TIGHTER = "looser", "tighter"
_PRESENCE = (
    *("choice", "contains", "equals", "json", "json_path", "json_schema", "matches", "number", "one_of", "parses"),
    *("starts_with", "yes_no"),
)
_POLARITY = MappingProxyType({**dict.fromkeys(_PRESENCE, Polarity.PRESENCE), "lacks": Polarity.ABSENCE})
_EACH_COUNTS = frozenset({"contains", "lacks"})
"""Every phrase is a demand: one less is looser."""
_ONE_IS_ENOUGH = frozenset({"one_of", "starts_with", "choice"})
"""Every phrase is a way to pass: one more is looser."""


def polarity_of(check: Mapping[str, Any]) -> Polarity | None:
    """Return what a pass of a built-in check rests on; None for others and for combinations."""
    name, argument = check.get("name"), check.get("argument")
    if name == "not" and isinstance(argument, Mapping) and argument.get("name") != "not":
        inner = polarity_of(argument)
        opposite = {Polarity.PRESENCE: Polarity.ABSENCE, Polarity.ABSENCE: Polarity.PRESENCE}
        return None if inner is None else opposite[inner]
    return _POLARITY.get(str(name))


def check_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[RuleChange]:
    """Yield what changed between two checks, as `canonical_rule` writes them."""
    if old != new:
        yield from _changes(old, new, opposed=False)


def _changes(old: Mapping[str, Any], new: Mapping[str, Any], *, opposed: bool) -> Iterator[RuleChange]:
    before, after = old.get("argument"), new.get("argument")
    if old.get("name") == new.get("name") == "not" and isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _changes(before, after, opposed=not opposed)
        return
    if old.get("name") != new.get("name") or old.get("options") != new.get("options"):
        yield RuleChange("check", _words(old), _words(new))
        return
    if before != after:
        phrases = _phrase_changes(str(old.get("name")), before, after, opposed=opposed)
        yield from phrases or [RuleChange("check", _words(old), _words(new))]
    if old.get("tolerant") != new.get("tolerant"):
        yield _tolerance(old, new, opposed=opposed)


def _words(check: Mapping[str, Any]) -> str:
    return str(check.get("name", ""))


def _phrase_changes(name: str, old: Any, new: Any, *, opposed: bool) -> list[RuleChange]:
    """Return which phrases went and came; empty where the argument is no list of phrases."""
    if name not in _EACH_COUNTS | _ONE_IS_ENOUGH:
        return []
    before, after = _phrases(old), _phrases(new)
    fewer, more = (_LOOSER, _TIGHTER) if (name in _EACH_COUNTS) != opposed else (_TIGHTER, _LOOSER)
    gone, came = [it for it in before if it not in after], [it for it in after if it not in before]
    return [
        *([RuleChange("phrases", f"{len(before)}", f"{len(gone)} removed", fewer)] if gone else []),
        *([RuleChange("phrases", f"{len(before)}", f"{len(came)} added", more)] if came else []),
    ]


def _phrases(argument: Any) -> Sequence[Any]:
    return argument if isinstance(argument, list | tuple) else [] if argument is None else [argument]


def _tolerance(old: Mapping[str, Any], new: Mapping[str, Any], *, opposed: bool) -> RuleChange:
    """Undoing a form turns a fail of a presence check into a void, and a pass of an absence check into a fail."""
    before, after = old.get("tolerant"), new.get("tolerant")
    polarity = polarity_of({"name": "not", "argument": old} if opposed else old)
    direction = ""
    if before is not None and after is not None and polarity is not None:
        more, fewer = set(after) > set(before), set(after) < set(before)
        if more or fewer:
            direction = _LOOSER if more == (polarity is Polarity.PRESENCE) else _TIGHTER
    return RuleChange("tolerant", _listed(before), _listed(after), direction)


def _listed(forms: Any) -> str:
    return "the check's own" if forms is None else ", ".join(str(form) for form in forms) or "none"
