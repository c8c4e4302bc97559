"""Which rules of an assertion are not as they were accepted, and in which direction they moved.

Looser: some reply that was not a pass may now be one, or what tests the check is gone. Tighter: the reverse. Where
neither can be said of all replies, nothing is said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from rebaseline.assess.canonical_rule import canonical_rule
from rebaseline.assess.check_changes import check_changes, polarity_of
from rebaseline.domain.baseline import AcceptedAssertion
from rebaseline.domain.comparison import RuleChange
from rebaseline.domain.instrument import Polarity
from rebaseline.domain.suite import Assertion, AtLeast, Bar, Never, NoWorse

__all__ = ["changes_between", "describe_bar", "rule_changes"]

LOOSER, TIGHTER = "looser", "tighter"


def describe_bar(bar: Bar) -> str:
    """Return a bar in words short enough for a table."""
    match bar:
        case AtLeast(rate=rate):
            return f"bar {_figure(rate)}"
        case Never(ceiling=ceiling):
            return f"never (ceiling {ceiling:.3g})"
        case NoWorse(margin=margin):
            return f"no worse by {_figure(margin)}"


def _figure(value: float) -> str:
    """Write a share as people who read many of them do: .9, not 0.9."""
    return f"{value:.3g}".removeprefix("0")


def rule_changes(
    accepted: AcceptedAssertion, now: Assertion, probes: Collection[str] | None = None
) -> tuple[RuleChange, ...]:
    """Return every rule that changed since acceptance, with its direction where one can be said.

    Args:
        accepted: What was accepted.
        now: The assertion as it stands.
        probes: Ids of the probes that it speaks about now; None where that is not asked. One that was accepted and is
            left out makes the rule looser: a probe that fails could be untagged.
    """
    changes = list(_bar_changes(accepted.bar, now.bar))
    if accepted.rule is None:
        changes.extend(_by_fingerprint(accepted, now, named=bool(changes)))
    elif accepted.fingerprint != now.fingerprint:
        found = list(_between(accepted.rule, canonical_rule(now)))
        changes.extend(found or _by_fingerprint(accepted, now, named=bool(changes)))
    gone = set() if probes is None else set(accepted.readings) - set(probes)
    if gone:
        changes.append(RuleChange("probes", f"{len(accepted.readings)}", f"{len(gone)} of them left out", LOOSER))
    return tuple(changes)


def changes_between(old: Assertion, now: Assertion) -> tuple[RuleChange, ...]:
    """Return what an edit of an assertion changes of its rule, with directions as `rule_changes` says them."""
    changes = (*_bar_changes(old.bar, now.bar), *_between(canonical_rule(old), canonical_rule(now)))
    if changes or old.fingerprint == now.fingerprint:
        return changes
    return (RuleChange("how replies are read", old.fingerprint, now.fingerprint),)


def _by_fingerprint(accepted: AcceptedAssertion, now: Assertion, *, named: bool) -> Iterator[RuleChange]:
    """Say what fingerprints say of a rule that was not written out: that it changed."""
    if accepted.check_fingerprint != now.check.fingerprint:
        yield RuleChange("check", accepted.check_fingerprint, now.check.fingerprint)
    elif not named and accepted.fingerprint != now.fingerprint:
        yield RuleChange("how replies are read", accepted.fingerprint, now.fingerprint)


def _bar_changes(old: Bar, new: Bar) -> Iterator[RuleChange]:
    if old != new:
        yield RuleChange("bar", describe_bar(old), describe_bar(new), _bar_direction(old, new))


def _bar_direction(old: Bar, new: Bar) -> str:
    """A higher share, a lower ceiling and a smaller margin are tighter; bars of different kinds are not compared."""
    match old, new:
        case (AtLeast(rate=before), AtLeast(rate=after)):
            return TIGHTER if after > before else LOOSER
        case (Never(ceiling=before), Never(ceiling=after)) | (NoWorse(margin=before), NoWorse(margin=after)):
            return TIGHTER if after < before else LOOSER
        case _:
            return ""


def _between(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[RuleChange]:
    yield from check_changes(old.get("check", {}), new.get("check", {}))
    yield from _set_changes("claimed forms", old.get("form_claimed", ()), new.get("form_claimed", ()))
    yield from _consumer(old.get("consumer", {}), new.get("consumer", {}))
    yield from _on_refusal(old, new)
    yield from _present("second reading (means)", old.get("means"), new.get("means"))
    yield from _arm("arm (alive_if)", old.get("alive_if"), new.get("alive_if"), "rate")
    yield from _arm("live control arm", old.get("live"), new.get("live"), "floor")
    yield from _controls(old.get("controls", ()), new.get("controls", ()))
    if old.get("on") != new.get("on"):
        yield RuleChange("on", old.get("on") or "all probes", new.get("on") or "all probes")


def _set_changes(what: str, old: Collection[str], new: Collection[str]) -> Iterator[RuleChange]:
    """What is dropped is looser, and what is added is tighter; where both happened both are named."""
    dropped, added = sorted(set(old) - set(new)), sorted(set(new) - set(old))
    if dropped:
        yield RuleChange(what, ", ".join(dropped), "no longer", LOOSER)
    if added:
        yield RuleChange(what, "none of it", ", ".join(added), TIGHTER)


def _controls(old: Collection[str], new: Collection[str]) -> Iterator[RuleChange]:
    dropped, added = set(old) - set(new), set(new) - set(old)
    if dropped:
        yield RuleChange("controls", f"{len(old)}", f"{len(dropped)} of them removed or changed", LOOSER)
    elif added:
        yield RuleChange("controls", f"{len(old)}", f"{len(new)}", TIGHTER)


_STRICTNESS = {"undone": 0, "breaks": 2}


def _consumer(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[RuleChange]:
    """A first answer to the open question has no direction: before it the form was read neither way."""
    for form in sorted({*old, *new}):
        before, after = old.get(form), new.get(form)
        if before != after:
            known = before in _STRICTNESS and after in _STRICTNESS
            direction = ""
            if known:
                direction = LOOSER if _STRICTNESS[str(after)] < _STRICTNESS[str(before)] else TIGHTER
            elif after is None:
                direction = TIGHTER if before == "undone" else LOOSER
            yield RuleChange(f"consumer of {form}", before or "undeclared", after or "undeclared", direction)


_REFUSAL = {"pass": 0, "void": 1, "fail": 2}
_USUAL_REFUSAL = {Polarity.PRESENCE: "fail", Polarity.ABSENCE: "void"}


def _on_refusal(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[RuleChange]:
    if old.get("on_refusal") == new.get("on_refusal"):
        return
    before, after = (rule.get("on_refusal") or _usual(rule) for rule in (old, new))
    if before == after:
        return
    direction = ""
    if before in _REFUSAL and after in _REFUSAL:
        direction = LOOSER if _REFUSAL[after] < _REFUSAL[before] else TIGHTER
    yield RuleChange("on_refusal", before, after, direction)


def _usual(rule: Mapping[str, Any]) -> str:
    polarity = polarity_of(rule.get("check", {}))
    return "unsaid" if polarity is None else _USUAL_REFUSAL.get(polarity, "unsaid")


def _present(what: str, old: Any, new: Any) -> Iterator[RuleChange]:
    if old != new:
        direction = LOOSER if new is None else TIGHTER if old is None else ""
        yield RuleChange(what, "none" if old is None else "there", _fate(old, new), direction)


def _fate(old: Any, new: Any) -> str:
    return "removed" if new is None else "added" if old is None else "changed"


def _arm(what: str, old: Any, new: Any, level: str) -> Iterator[RuleChange]:
    """Of two arms that differ only in their level, the lower one is looser."""
    same = old is not None and new is not None and {**old, level: 0} == {**new, level: 0}
    if same and old != new:
        before, after = old[level], new[level]
        yield RuleChange(f"{what}, {level}", _figure(before), _figure(after), LOOSER if after < before else TIGHTER)
    else:
        yield from _present(what, old, new)
