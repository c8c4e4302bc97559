"""`length`: how long the reply is, in words, characters, lines or sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from rebaseline.checks.faults import fault
from rebaseline.checks.kind import CheckType, misused
from rebaseline.domain.attempt import Reply
from rebaseline.domain.form import Form
from rebaseline.domain.instrument import Look, Polarity, SeededFault
from rebaseline.template import did_you_mean

__all__ = ["TYPES", "Length"]

_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s|$)|[。！？]")  # noqa: RUF001 - full stops of other scripts


def _lines(text: str) -> int:
    return sum(1 for line in text.splitlines() if line.strip())


def _sentences(text: str) -> int:
    """Count sentence ends, and the rest of the text where it holds a word; abbreviations count as ends."""
    end = count = 0
    for match in _SENTENCE_END.finditer(text):
        end, count = match.end(), count + 1
    return count + bool(text[end:].strip())


_COUNTS: Mapping[str, Callable[[str], int]] = {
    "words": lambda text: len(text.split()),
    "chars": lambda text: len(text.strip()),
    "lines": _lines,
    "sentences": _sentences,
}
_LIMITS = tuple(f"{side}_{unit}" for unit in _COUNTS for side in ("min", "max"))


@dataclass(frozen=True, slots=True)
class Length:
    """Passes when the reply keeps to every limit, bounds included.

    Attributes:
        limits: Pairs of unit, least and most; None for no limit on that side.
    """

    limits: tuple[tuple[str, int | None, int | None], ...]

    tolerates: ClassVar[tuple[Form, ...]] = ()
    judges_refusal: ClassVar[bool] = False

    @property
    def polarity(self) -> Polarity:
        """With upper limits alone it claims that there is no more: silence keeps to them, and shows nothing."""
        return Polarity.CONDUCT if any(least for _, least, _ in self.limits) else Polarity.ABSENCE

    def look(self, reply: Reply, undo: frozenset[Form]) -> Look:  # noqa: ARG002 - form does not enter into conduct
        """Read the reply; see `Instrument.look`."""
        for unit, least, most in self.limits:
            count = _COUNTS[unit](reply.text)
            if (least is not None and count < least) or (most is not None and count > most):
                return Look(0.0, f"{count} {unit}")
        return Look(1.0)

    def seeded_faults(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return replies that are too long, or too short."""
        faults: list[SeededFault] = []
        for unit, least, most in self.limits:
            if most is not None:
                faults += [
                    fault(f"one of {unit} too many", reply, _of_length(unit, most + 1)),
                    fault(f"far too many {unit}", reply, _of_length(unit, most * 2 + 1)),
                    fault(f"{unit} put behind", reply, f"{reply.text}\n{_of_length(unit, most + 1)}"),
                ]
            if least:
                faults += [
                    fault(f"one of {unit} too few", reply, _of_length(unit, least - 1)),
                    fault(f"half as many {unit}", reply, _of_length(unit, least // 2 if least > 1 else 0)),
                    fault("nothing said", reply, ""),
                    fault("white space only", reply, " \n"),
                ]
        return tuple(faults)

    def planted(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return replies that keep to every limit, for a negated check; none where limits of two units clash."""
        texts = [_of_length(unit, n) for unit, least, most in self.limits for n in _between(least, most)]
        kept = [text for text in dict.fromkeys(texts) if self.look(Reply(text), frozenset()).value == 1.0]
        return tuple(fault(f"within the limits ({n})", reply, text) for n, text in enumerate(kept, 1))


def _between(least: int | None, most: int | None) -> tuple[int, ...]:
    """Return some numbers that keep to two limits: the limits themselves, what is next to them, and their middle."""
    low = least or 0
    high = low * 2 + 2 if most is None else most
    numbers = dict.fromkeys((low, high, (low + high) // 2, high - 1, low + 1))
    return tuple(number for number in numbers if low <= number <= high)


def _of_length(unit: str, count: int) -> str:
    match unit:
        case "words":
            return " ".join(["word"] * count)
        case "chars":
            return "x" * count
        case "lines":
            return "\n".join(["line"] * count)
        case _:
            return " ".join(["Said."] * count)


def _build(argument: Any, _options: Mapping[str, Any]) -> Length:
    if not isinstance(argument, Mapping) or not argument:
        raise misused("length", "needs limits", argument, "write for example `length: {max_words: 100}`")
    for key, value in argument.items():
        if key not in _LIMITS:
            raise misused("length", "knows no such limit", key, did_you_mean(str(key), _LIMITS))
        _whole(key, value)
    limits = []
    for unit in _COUNTS:
        least, most = argument.get(f"min_{unit}"), argument.get(f"max_{unit}")
        if least is None and most is None:
            continue
        pair = (None if least is None else int(least), None if most is None else int(most))
        if pair[0] is not None and pair[1] is not None and pair[0] > pair[1]:
            raise misused("length", f"min_{unit} is above max_{unit}", dict(argument), "change places")
        limits.append((unit, *pair))
    return Length(tuple(limits))


def _whole(key: str, value: Any) -> None:
    """Refuse what is no whole number from 0 up; a template gives digits as text."""
    digits = value if isinstance(value, str) else str(value) if isinstance(value, int) else ""
    if isinstance(value, bool) or not (digits.isascii() and digits.isdigit()) or len(digits) > 7:  # noqa: PLR2004
        raise misused("length", f"`{key}` must be a whole number from 0 up", value, f"write for example `{key}: 100`")


TYPES = (
    CheckType(
        "length",
        "The reply keeps to these limits of words, characters, lines or sentences.",
        {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": False,
            "properties": {key: {"type": ["integer", "string"]} for key in _LIMITS},
        },
        _build,
    ),
)
