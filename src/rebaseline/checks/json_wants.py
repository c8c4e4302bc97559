"""What `json_path` may want of the values that its query finds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rebaseline.checks.faults import altered
from rebaseline.checks.forms import folded
from rebaseline.checks.kind import shown
from rebaseline.checks.numerals import near, plain_number, read_formatted, read_percent, text_of_number
from rebaseline.checks.structure import same_json
from rebaseline.domain.form import Form
from rebaseline.domain.instrument import Look

__all__ = ["Equal", "Exists", "NumberIs", "OneOf", "Want"]

_NOTHING = Look(0.0, "nothing at the path")


def _text(value: Any) -> str:
    return shown(json.dumps(value, ensure_ascii=False)[:400], 60)


def _equal(value: Any, expected: Any, undo: frozenset[Form]) -> bool:
    """Say whether a value is the expected one, with texts levelled as `undo` says."""
    if same_json(value, expected, ordered=Form.KEY_ORDER not in undo):
        return True
    if isinstance(value, str) and isinstance(expected, str):
        return bool(undo) and folded(value.strip(), undo) == folded(expected, undo)
    is_number = isinstance(expected, int | float) and not isinstance(expected, bool)
    if Form.QUOTES in undo and isinstance(value, str) and is_number:
        return plain_number(value.strip()) == plain_number(str(expected))
    return False


@dataclass(frozen=True, slots=True)
class Equal:
    """Every value found is this one.

    Attributes:
        expected: The value.
    """

    expected: Any

    @property
    def right(self) -> tuple[Any, ...]:
        """Values that are right."""
        return (self.expected,)

    def judge(self, values: list[Any], undo: frozenset[Form]) -> Look:
        """Judge the values that were found."""
        wrong = [value for value in values if not _equal(value, self.expected, undo)]
        if not values:
            return _NOTHING
        return Look(0.0, f"found {_text(wrong[0])}") if wrong else Look(1.0)

    def others(self) -> tuple[tuple[str, Any], ...]:
        """Return named values that are wrong."""
        return _others_of((self.expected,))


@dataclass(frozen=True, slots=True)
class OneOf:
    """Every value found is one of these.

    Attributes:
        expected: The values.
    """

    expected: tuple[Any, ...]

    @property
    def right(self) -> tuple[Any, ...]:
        """Values that are right."""
        return self.expected[:3]

    def judge(self, values: list[Any], undo: frozenset[Form]) -> Look:
        """Judge the values that were found."""
        wrong = [value for value in values if not any(_equal(value, each, undo) for each in self.expected)]
        if not values:
            return _NOTHING
        return Look(0.0, f"found {_text(wrong[0])}") if wrong else Look(1.0)

    def others(self) -> tuple[tuple[str, Any], ...]:
        """Return named values that are wrong."""
        return _others_of(self.expected)


@dataclass(frozen=True, slots=True)
class NumberIs:
    """Every value found is this number.

    Attributes:
        expected: The number.
        absolute: Largest distance that still passes.
        relative: The same as a share of `expected`.
    """

    expected: Decimal
    absolute: Decimal = Decimal(0)
    relative: Decimal = Decimal(0)

    @property
    def right(self) -> tuple[Any, ...]:
        """Values that are right."""
        return (_plain(self.expected),)

    def judge(self, values: list[Any], undo: frozenset[Form]) -> Look:
        """Judge the values that were found; what is no number is a wrong value."""
        if not values:
            return _NOTHING
        for value in values:
            read = [_number(value, undo)]
            if isinstance(value, str) and Form.NUMBER_FORMAT in undo and Form.QUOTES in undo:
                read.append(read_percent(value, self.expected))
            if not any(near(each, self.expected, self.absolute, self.relative) for each in read if each is not None):
                return Look(0.0, f"found {_text(value)}")
        return Look(1.0)

    def others(self) -> tuple[tuple[str, Any], ...]:
        """Return named values that are wrong."""
        step = self.absolute * 2 + abs(self.expected * self.relative) * 2 + 1
        numbers = (("number raised", self.expected + step), ("number lowered", self.expected - step))
        return (*((name, _plain(number)) for name, number in numbers), ("text for a number", "unknown"))


def _plain(number: Decimal) -> Any:
    text = text_of_number(number)
    return json.loads(text) if plain_number(text) is not None else text


def _number(value: Any, undo: frozenset[Form]) -> Decimal | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return plain_number(str(value))
    if not isinstance(value, str) or Form.QUOTES not in undo:
        return None
    return read_formatted(value) if Form.NUMBER_FORMAT in undo else plain_number(value.strip())


@dataclass(frozen=True, slots=True)
class Exists:
    """Something stands at the path, or nothing does.

    Attributes:
        wanted: True for something.
    """

    wanted: bool = True

    def judge(self, values: list[Any], undo: frozenset[Form]) -> Look:  # noqa: ARG002 - one signature for all
        """Judge the values that were found."""
        if bool(values) == self.wanted:
            return Look(1.0)
        return _NOTHING if self.wanted else Look(0.0, f"found {_text(values[0])}")


Want = Equal | OneOf | NumberIs | Exists


def _others_of(expected: tuple[Any, ...]) -> tuple[tuple[str, Any], ...]:
    first = expected[0]
    changed = altered(first) if isinstance(first, str) else {"not": first}
    while any(_equal(changed, each, frozenset(Form)) for each in expected):
        changed = f"{changed}x"
    return (("another value", changed), ("null", None), ("a list", [first]))
