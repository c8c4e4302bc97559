r"""`number`: the number that the reply gives.

Where it stands is part of the check: the whole reply (the default), in `within: \boxed` or `within: <answer>` (the last
one), at the first group of `pattern`, or the `last` number of the text. What stands there must be a plain number;
grouping, signs of currency and units are form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from rebaseline.checks import forms
from rebaseline.checks.faults import dressed, fault, unrelated
from rebaseline.checks.kind import SCHEMA_FLAG, SCHEMA_NUMBER, CheckType, flag_of, misused, share_of, shown
from rebaseline.checks.numerals import near, plain_number, read_formatted, read_percent, text_of_number
from rebaseline.checks.places import Lone, Place, place_of
from rebaseline.domain.attempt import Reply
from rebaseline.domain.form import Form
from rebaseline.domain.instrument import Look, Polarity, SeededFault

__all__ = ["TYPES", "Number", "expected_number"]

_FORMS = (
    Form.FENCE, Form.PREAMBLE, Form.QUOTES, Form.SPACING, Form.EMPHASIS, Form.PUNCTUATION, Form.NUMBER_FORMAT,
    Form.LATEX, Form.SENTENCE,
)  # fmt: skip
_NUMBERS_ONLY = frozenset(Form) - {Form.NUMBER_FORMAT, Form.CASE, Form.KEY_ORDER}
_ALL = frozenset(Form)
_WHOLE_REPLY = Lone()


@dataclass(frozen=True, slots=True)
class Number:
    """Passes when the number that the reply gives is the expected one.

    Attributes:
        expected: The number.
        absolute: Largest distance that still passes.
        relative: The same as a share of `expected`; the larger of the two counts.
        place: Where the number stands.
    """

    expected: Decimal
    absolute: Decimal = Decimal(0)
    relative: Decimal = Decimal(0)
    place: Place = _WHOLE_REPLY

    polarity: ClassVar[Polarity] = Polarity.PRESENCE
    tolerates: ClassVar[tuple[Form, ...]] = _FORMS
    judges_refusal: ClassVar[bool] = False

    def look(self, reply: Reply, undo: frozenset[Form]) -> Look:
        """Read the reply; see `Instrument.look`."""
        spans = self.place.find(reply.text)
        if not spans:
            return Look(None, f"no {self.place.words}")
        numbers = {_read(reply.text[start:end], undo) for start, end in spans}
        if len(numbers) > 1:
            return Look(None, f"more than one {self.place.words}")
        number = numbers.pop()
        if number is None:
            return Look(None, f"no plain number: {shown(reply.text[spans[0][0] : spans[0][1]])}")
        right = near(number, self.expected, self.absolute, self.relative)
        if not right and Form.NUMBER_FORMAT in undo and len(spans) == 1:
            shares = {
                read_percent(each, self.expected)
                for each in forms.candidates(reply.text[spans[0][0] : spans[0][1]], undo & _NUMBERS_ONLY)
            } - {None}
            right = any(
                near(share, self.expected, self.absolute, self.relative) for share in shares if share is not None
            )
        return Look(1.0) if right else Look(0.0, f"read {shown(str(number), 40)}", answer=_levelled(number))

    def seeded_faults(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return replies with another number in the same place."""
        step = self.absolute * 2 + abs(self.expected * self.relative) * 2 + 1
        wrong = (
            ("number raised", self.expected + step),
            ("number lowered", self.expected - step),
            ("ten times the number", self.expected * 10 + step),
        )
        spans = self.place.find(reply.text) or ((0, len(reply.text)),)
        faults = []
        for name, number in wrong:
            text = reply.text
            for start, end in reversed(spans):
                text = text[:start] + text_of_number(number) + text[end:]
            faults.append(fault(name, reply, text))
        digits = str.maketrans("0123456789", "9876543210")
        faults.append(fault("every digit another", reply, reply.text.translate(digits)))
        return (*faults, unrelated(reply, ["0"]))

    def planted(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return replies that give the number, for a negated check; at a pattern only where the reply has the place."""
        number = text_of_number(self.expected)
        text = self.place.example(number)
        faults = () if text is None else dressed("the forbidden number", reply, text)
        spans = self.place.find(reply.text)
        zeros = f"{number}0" if "." in number else f"{number}.0"
        ways = (
            ("", number),
            (", with zeros", zeros),
            (", in the scale", f"{number}e0" if "e" not in number.lower() else number),
        )
        for name, put in ways:
            changed = reply.text
            for start, end in reversed(spans):
                changed = changed[:start] + put + changed[end:]
            faults += (fault(f"the forbidden number in its place{name}", reply, changed),) if spans else ()
        return faults


def _levelled(number: Decimal) -> str:
    """Return the same text for 41 and 41.0."""
    text = text_of_number(number)
    return text.rstrip("0").rstrip(".") if "." in text and "E" not in text else text


def _read(text: str, undo: frozenset[Form]) -> Decimal | None:
    """Return the number that a stretch of a reply is; None where it is none, or may be two."""
    strict = plain_number(text.strip())
    if strict is not None or not undo:
        return strict
    parse = read_formatted if Form.NUMBER_FORMAT in undo else plain_number
    found = {number for each in forms.candidates(text, undo & _NUMBERS_ONLY) if (number := parse(each)) is not None}
    return found.pop() if len(found) == 1 else None


def expected_number(check: str, value: Any) -> Decimal:
    r"""Return the number that a suite expects; a reference may be formatted (`1,234`, `\boxed{2}`)."""
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        number = _read(str(value), _ALL)
        if number is not None:
            return number
    raise misused(check, "needs a number", value, "write a number, or a template whose field holds one")


def _build(argument: Any, options: Mapping[str, Any]) -> Number:
    return Number(
        expected_number("number", argument),
        share_of("number", "abs", options.get("abs", 0)),
        share_of("number", "rel", options.get("rel", 0)),
        place_of("number", options, flag_of("number", "last", options.get("last", False))),
    )


TYPES = (
    CheckType(
        "number",
        "The number that the reply gives is this one.",
        SCHEMA_NUMBER,
        _build,
        {
            "abs": SCHEMA_NUMBER,
            "rel": SCHEMA_NUMBER,
            "within": {"type": "string"},
            "pattern": {"type": "string"},
            "last": SCHEMA_FLAG,
        },
    ),
)
