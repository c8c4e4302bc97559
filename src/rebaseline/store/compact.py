"""Readings of one probe as a short string, so that a baseline has one line a probe.

One mark a sample:

| mark | reading |
| --- | --- |
| `1`, `0` | pass, fail |
| `(0.75)` | a score between |
| `-` | the sample is missing |
| `F` | void; the letter names the broken assumption |
| `f` | void, and the tolerant reading would pass |

Brackets after a mark hold what belongs to it: forms, then after `~` the value of a tolerant reading that neither passes
nor is missing. `f[fence]f[fence]1` is twice "void for its fence, a pass if that is undone", then a pass; `F[case~0]` is
void for its case, a fail if that is undone. Notes are not kept: they quote replies.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import MappingProxyType

from rebaseline.domain.form import Form
from rebaseline.domain.reading import Assumption, Reading, Valued, Void

__all__ = ["parse_readings", "render_readings"]

_LETTERS = MappingProxyType(
    {
        Assumption.ACCEPTED: "A",
        Assumption.COMPLETE: "C",
        Assumption.DELIVERED: "D",
        Assumption.ENGAGED: "E",
        Assumption.FORM: "F",
        Assumption.AGREEMENT: "G",
        Assumption.FRESH: "H",
        Assumption.JUDGED: "J",
        Assumption.KEPT: "P",
        Assumption.CONTROLS: "K",
        Assumption.ALIVE: "L",
        Assumption.ANCHORS: "N",
        Assumption.READABLE: "R",
    }
)
_ASSUMPTIONS = MappingProxyType({letter: assumption for assumption, letter in _LETTERS.items()})
_NUMBER = r"[0-9][0-9.e+-]*"
_MARK = re.compile(rf"(-|[01]|\(({_NUMBER})\)|[A-Za-z])(?:\[([a-z_,]*)(?:~({_NUMBER}))?\])?")


def render_readings(readings: Sequence[Reading | None]) -> str:
    """Return the readings of one probe, one mark a sample.

    Examples:
        >>> render_readings([Valued(1.0), Void(Assumption.FORM, (Form.FENCE,), if_undone=1.0), None])
        '1f[fence]-'
    """
    return "".join(_render(reading) for reading in readings)


def _render(reading: Reading | None) -> str:
    match reading:
        case None:
            return "-"
        case Valued(value=value, forms=forms):
            mark = _plain(value) if value in {0, 1} else f"({_plain(value)})"
            return mark + _bracket(forms, None)
        case Void(broken=broken, forms=forms, if_undone=if_undone):
            letter = _LETTERS[broken]
            return letter.lower() + _bracket(forms, None) if if_undone == 1 else letter + _bracket(forms, if_undone)


def _plain(value: float) -> str:
    return str(int(value)) if value in {0, 1} else repr(float(value))


def _bracket(forms: tuple[Form, ...], if_undone: float | None) -> str:
    names = ",".join(form.value for form in forms)
    tail = "" if if_undone is None else f"~{_plain(if_undone)}"
    return f"[{names}{tail}]" if names or tail else ""


def parse_readings(text: str) -> tuple[Reading | None, ...]:
    """Return the readings that `render_readings` wrote as `text`, without their notes.

    Raises:
        ValueError: The text holds something else, or a value outside [0, 1].
    """
    readings: list[Reading | None] = []
    position = 0
    while position < len(text):
        mark = _MARK.match(text, position)
        if mark is None:
            raise ValueError(f"no reading is written as {text[position : position + 20]!r}")
        readings.append(_parse(mark))
        position = mark.end()
    return tuple(readings)


def _parse(mark: re.Match[str]) -> Reading | None:
    sign, score, names, tail = mark.groups()
    forms = tuple(Form(name) for name in names.split(",")) if names else ()
    if sign == "-":
        if forms or tail is not None:
            raise ValueError("a missing sample has no forms")
        return None
    if sign.isalpha():
        if_undone = 1.0 if sign.islower() else None if tail is None else _share(tail)
        broken = _ASSUMPTIONS.get(sign.upper())
        if broken is None or (sign.islower() and tail is not None):
            raise ValueError(f"no void is written as {mark.group()!r}")
        return Void(broken, forms, if_undone)
    if tail is not None:
        raise ValueError(f"no value is written as {mark.group()!r}")
    return Valued(_share(score or sign), forms)


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise ValueError(f"{text} is not between 0 and 1")
    return value
