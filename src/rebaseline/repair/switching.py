"""Read the claim by another check: a more tolerant one, the second reading, the built-in one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rebaseline.domain.edit import Drop, Edit
from rebaseline.domain.reading import Assumption
from rebaseline.domain.repair import Proposal, RepairKind
from rebaseline.domain.verdict import Reason
from rebaseline.repair.facts import Facts
from rebaseline.repair.places import new_check, set_in_check, without_means

__all__ = ["propose_second", "propose_tolerant"]

_BUILT_IN: Mapping[str, tuple[str, str]] = {
    "refusal": ("refuses", "read by the built-in reading of refusals"),
    "compliance": ("answers", "read by the built-in reading of answers"),
}
_NARROW: Mapping[str, Mapping[str, str]] = {
    "yes_no": {"brackets": "wherever the answer stands, not in brackets alone"},
    "number": {
        "within": "the number wherever it stands, not in `within` alone",
        "pattern": "the number wherever it stands, not where `pattern` finds it",
    },
    "matches": {"full": "the pattern anywhere in the reply"},
}
_QUESTION = "Is the second reading right?"


def propose_second(facts: Facts, reason: Reason) -> Iterator[Proposal]:
    """Read the claim by its second reading; where that contradicts, the other answer is to leave it out."""
    asked = _QUESTION if reason.broken is Assumption.AGREEMENT else ""
    means = facts.assertion.means
    if isinstance(means, str) and means in _BUILT_IN:
        name, words = _BUILT_IN[means]
        if facts.check != {name: True}:
            edits = (new_check(facts, {name: True}), *without_means(facts))
            yield _switch(facts, reason, words, edits, question=asked, answer="yes" if asked else "")
    elif means is not None:
        edits = (new_check(facts, facts.entry.get("means")), *without_means(facts))
        yield _switch(facts, reason, "read by its second check", edits, question=asked, answer="yes" if asked else "")
    elif "phrases" in facts.check and facts.assertion.check.name == "refuses":
        edits = (_out_of_check(facts, "phrases"),)
        words = _BUILT_IN["refusal"][1]
        yield _switch(facts, reason, words, edits, question=asked, answer="yes" if asked else "")
    if means is not None and asked:
        words = "read by its check alone: the second reading is wrong"
        yield _switch(facts, reason, words, without_means(facts), question=asked, answer="no")


def propose_tolerant(facts: Facts, reason: Reason) -> Iterator[Proposal]:
    """Take out, of the check at hand, what says where the answer must stand."""
    name = facts.assertion.check.name
    narrow = [key for key in _NARROW.get(name, {}) if facts.check.get(key) not in (None, False)]
    for key in narrow:
        yield _switch(facts, reason, f"read {_NARROW[name][key]}", (_out_of_check(facts, key),))
        if name == "number" and not facts.check.get("last"):
            edits = (_out_of_check(facts, key), set_in_check(facts, "last", value=True))
            yield _switch(facts, reason, "read the last number of the reply", edits)
    if name == "number" and not narrow and not facts.check.get("last"):
        yield _switch(facts, reason, "read the last number of the reply", (set_in_check(facts, "last", value=True),))


def _out_of_check(facts: Facts, key: str) -> Edit:
    return Drop(facts.place("check", key))


def _switch(
    facts: Facts, reason: Reason, words: str, edits: tuple[Edit, ...], *, question: str = "", answer: str = ""
) -> Proposal:
    return Proposal(
        kind=RepairKind.SWITCH_CHECK,
        suite=facts.suite.id,
        assertion=facts.assertion.id,
        mends=reason.broken,
        words=words,
        edits=edits,
        question=question,
        answer=answer,
        group=f"switch check {words} {answer}".strip(),
    )
