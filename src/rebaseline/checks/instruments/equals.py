"""`equals` and `one_of`: the reply is this text, or one of these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from rebaseline.checks import forms
from rebaseline.checks.faults import altered, dressed, fault, unrelated
from rebaseline.checks.kind import (
    LONGEST_ANSWER,
    SCHEMA_TEXT,
    SCHEMA_TEXTS,
    CheckType,
    misused,
    shown,
    text_of,
    texts_of,
)
from rebaseline.domain.attempt import Reply
from rebaseline.domain.form import Form
from rebaseline.domain.instrument import Look, Polarity, SeededFault

__all__ = ["TYPES", "Equals"]

_FORMS = (
    Form.FENCE, Form.PREAMBLE, Form.CASE, Form.QUOTES, Form.SPACING, Form.EMPHASIS, Form.PUNCTUATION,
    Form.NUMBER_FORMAT, Form.LATEX, Form.SENTENCE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Equals:
    """Passes when the reply is one of the expected texts.

    Attributes:
        expected: The texts, stripped.
    """

    expected: tuple[str, ...]

    polarity: ClassVar[Polarity] = Polarity.PRESENCE
    tolerates: ClassVar[tuple[Form, ...]] = _FORMS
    judges_refusal: ClassVar[bool] = False

    def look(self, reply: Reply, undo: frozenset[Form]) -> Look:
        """Read the reply; see `Instrument.look`."""
        if reply.text.strip() in self.expected:
            return Look(1.0)
        if undo and any(forms.same(reply.text, text, undo) for text in self.expected):
            return Look(1.0)
        text = " ".join(reply.text.split()) if len(reply.text) <= LONGEST_ANSWER else ""
        return Look(0.0, f"read {shown(reply.text)}", answer=text.casefold())

    def seeded_faults(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return replies that are another text."""
        text = self.expected[0]
        other = _another(text, self.expected)
        return (
            fault("one character changed", reply, other),
            fault("denied", reply, f"It is not {text}."),
            fault("two answers", reply, f"{text} or {other}"),
            unrelated(reply, self.expected),
        )

    def planted(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return replies that are an expected text, for a negated check."""
        return tuple(each for text in self.expected[:3] for each in dressed("the forbidden text", reply, text))


def _another(text: str, taken: tuple[str, ...]) -> str:
    """Return a text near `text` that is none of `taken`, whatever the case."""
    folded = {each.casefold() for each in taken}
    other = altered(text)
    while other.casefold() in folded:
        other += "x"
    return other


def _build_equals(argument: Any, _options: Mapping[str, Any]) -> Equals:
    text = text_of("equals", argument).strip()
    if not text:
        raise misused(
            "equals", "needs a text that is not blank", argument, "an empty reply is handled before any check"
        )
    return Equals((text,))


def _build_one_of(argument: Any, _options: Mapping[str, Any]) -> Equals:
    if not isinstance(argument, list | tuple):
        raise misused("one_of", "needs a list of texts", argument, "write `one_of: [first, second]`, or use `equals`")
    return Equals(tuple(text.strip() for text in texts_of("one_of", argument)))


TYPES = (
    CheckType("equals", "The reply is this text.", SCHEMA_TEXT, _build_equals),
    CheckType("one_of", "The reply is one of these texts.", SCHEMA_TEXTS["anyOf"][1], _build_one_of),
)
