"""Which pages of `rebaseline explain` say more about an assertion."""

from __future__ import annotations

from rebaseline.domain.comparison import Comparison
from rebaseline.domain.evidence import Method
from rebaseline.domain.suite import AtLeast, Bar, Never, NoWorse
from rebaseline.domain.verdict import Invalid, Unmeasured, VerdictName

__all__ = ["main_topic", "topic_name", "topics_of"]

_METHODS = {Method.E_PROCESS: "e-process", Method.ONE_LOOK: "one-look", Method.STEADY: "steady"}


def topic_name(words: str) -> str:
    """Return a name as `explain` writes it.

    >>> topic_name("never valid"), topic_name("number_format"), topic_name("E-BH")
    ('never-valid', 'number-format', 'e-bh')
    """
    return "-".join(words.casefold().replace("_", " ").replace("-", " ").split())


def main_topic(comparison: Comparison) -> str:
    """Return the page that helps most: of an invalid assertion what broke, of any other its verdict."""
    verdict = comparison.new.verdict
    if isinstance(verdict, Invalid):
        return topic_name(verdict.reasons[0].broken)
    return topic_name(VerdictName.of(verdict))


def topics_of(comparison: Comparison) -> tuple[str, ...]:
    """Return the pages in the order in which they help: verdict, what broke, transition, bar, method, e-BH."""
    verdict, evidence = comparison.new.verdict, comparison.new.evidence
    names = [VerdictName.of(verdict).value]
    if isinstance(verdict, Invalid):
        names += [name for reason in verdict.reasons for name in (reason.broken.value, *reason.forms)]
    names += [*evidence.voids, *(form.value for form in evidence.void_forms)] if evidence.void_count else []
    names += [comparison.transition.value, _bar(comparison.assertion.bar)]
    if evidence.method in _METHODS and not isinstance(verdict, Unmeasured):
        names.append(_METHODS[evidence.method])
    if comparison.stands is not None:
        names.append("e-bh")
    return tuple(dict.fromkeys(map(topic_name, names)))


def _bar(bar: Bar) -> str:
    match bar:
        case AtLeast():
            return "at_least"
        case Never():
            return "never"
        case NoWorse():
            return "no_worse"
