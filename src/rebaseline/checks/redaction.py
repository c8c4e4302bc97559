"""Takes personal data and the like out of what was said, before it is stored.

Patterns are RE2, so a reply cannot make one slow. Card numbers and IBANs are told from other numbers by their check
digits (ISO/IEC 7812-1, ISO 13616), so that an order number stays.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from types import MappingProxyType
from typing import Any

from rebaseline.checks.patterns import as_searchable, compiled
from rebaseline.domain.attempt import Answered, Attempt, Faulted, Rejected, ToolCall
from rebaseline.domain.redaction import RedactionRule
from rebaseline.errors import ConfigurationError

__all__ = ["PRESETS", "Redactor"]

_CARD_DIGITS = (13, 19)
_IBAN_LENGTH = (15, 34)


def _is_card(text: str) -> bool:
    """Luhn's check: every second digit from the right doubled, the digits of all added up, a multiple of ten.

    >>> _is_card("4111 1111 1111 1111"), _is_card("4111 1111 1111 1112")
    (True, False)
    """
    digits = [int(each) for each in text if each.isdigit()]
    if not _CARD_DIGITS[0] <= len(digits) <= _CARD_DIGITS[1]:
        return False
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]  # noqa: PLR2004 - 10 and more have two digits
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_iban(text: str) -> bool:
    """The first four characters moved to the end, letters read as 10 to 35: the number leaves 1 when divided by 97.

    >>> _is_iban("DE89 3704 0044 0532 0130 00"), _is_iban("DE88 3704 0044 0532 0130 00")
    (True, False)
    """
    plain = text.replace(" ", "").upper()
    if not _IBAN_LENGTH[0] <= len(plain) <= _IBAN_LENGTH[1] or not plain[:2].isalpha() or not plain[2:4].isdigit():
        return False
    return int("".join(str(int(each, 36)) for each in plain[4:] + plain[:4])) % 97 == 1


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a preset looks for.

    Attributes:
        pattern: Where it may be.
        proof: Whether it is one; None where the pattern tells. What is tried are the parts that begin and end with a
            group of characters, since other groups may stand beside it.
        most: Characters of the longest.
    """

    pattern: str
    proof: Callable[[str], bool] | None = None
    most: int = 0


PRESETS = MappingProxyType(
    {
        "card": _Kind(r"[0-9](?:[ -]?[0-9]){12,}", _is_card, 37),
        "email": _Kind(r"[\pL\pN._%+'\-]+@[\pL\pN\-]+(?:\.[\pL\pN\-]+)+"),
        "iban": _Kind(r"(?i)\b[a-z]{2}[0-9]{2}(?: ?[a-z0-9]{1,30})+\b", _is_iban, 42),
        "phone": _Kind(r"\+[0-9](?:[ ()./\-]{0,3}[0-9]){6,14}"),
    }
)
"""By name. Phone numbers are found where they are written with a plus, as others look like any number."""


class _Pairs(list[tuple[str, Any]]):
    """A JSON object as it is written, a name that stands in it twice included."""


def _written(value: Any) -> str:
    """Return a JSON text of a value that may hold `_Pairs`."""
    match value:
        case _Pairs():
            return f"{{{', '.join(f'{_written(name)}: {_written(each)}' for name, each in value)}}}"
        case list():
            return f"[{', '.join(_written(each) for each in value)}]"
        case _:
            return json.dumps(value, ensure_ascii=False)


class Redactor:
    """Applies rules in their order.

    Args:
        rules: What to take out.

    Raises:
        ConfigurationError: RE2 cannot express a pattern, or it is found in an empty text.
    """

    def __init__(self, rules: Sequence[RedactionRule]) -> None:
        self.rules = tuple(rules)
        self._compiled = [(_compiled(rule), PRESETS.get(rule.preset), rule.replacement) for rule in rules]

    def text(self, text: str) -> str:
        """Return a text without what the rules look for; the same text where there is nothing."""
        found = as_searchable(text)
        clean = found
        for pattern, kind, replacement in self._compiled:
            clean = _replaced(clean, pattern, kind, replacement)
        return text if clean == found else clean

    def json_text(self, text: str) -> str:
        r"""Return a JSON text whose names and values are without it, as an escape (`\u0040`) would hide it.

        What is no JSON is taken as plain text. A text in which nothing is found stays as it was written.
        """
        try:
            content = json.loads(text, object_pairs_hook=_Pairs)
            clean = self._value(content)
            return self.text(text if clean == content else _written(clean))
        except (ValueError, RecursionError):
            return self.text(text)

    def _value(self, value: Any) -> Any:
        match value:
            case str():
                return self.text(value)
            case bool() | None:
                return value
            case int() | float():
                digits = str(value)
                clean = self.text(digits)
                return value if clean == digits else clean
            case _Pairs():
                return _Pairs(zip(self._names(value), (self._value(each) for _, each in value), strict=True))
            case _:
                return [self._value(each) for each in value]

    def _names(self, pairs: _Pairs) -> Iterator[str]:
        """Yield the names of an object; what is redacted to the same name gets a number: no value is lost."""
        clean = [self.text(name) for name, _ in pairs]
        taken = {name for (name, _), other in zip(pairs, clean, strict=True) if name == other}
        for (name, _), other in zip(pairs, clean, strict=True):
            if name == other:
                yield name
                continue
            free = (other if number == 1 else f"{other} {number}" for number in count(1))
            chosen = next(each for each in free if each not in taken)
            taken.add(chosen)
            yield chosen

    def calls(self, calls: Sequence[ToolCall]) -> tuple[ToolCall, ...]:
        """Return calls of tools without it. A name is redacted as well: a model may write anything there."""
        return tuple(ToolCall(self.text(call.name), self.json_text(call.arguments)) for call in calls)

    def attempt(self, attempt: Attempt) -> Attempt:
        """Return an attempt of which all is redacted that a model, a provider or an application says in words.

        What replies are told apart and found again by stays: model, fingerprint, request id, identity, culprit.
        """
        match attempt:
            case Answered(reply=reply, trace=trace):
                stop = None if reply.stop_as_received is None else self.text(reply.stop_as_received)
                said = replace(
                    reply, text=self.text(reply.text), stop_as_received=stop, tool_calls=self.calls(reply.tool_calls)
                )
                return replace(
                    attempt,
                    reply=said,
                    novelty=tuple(self.text(each) for each in attempt.novelty),
                    unread=tuple(self.text(each) for each in attempt.unread),
                    trace=None if trace is None else self.json_text(trace),
                )
            case Rejected() | Faulted():
                return replace(attempt, hint=self.text(attempt.hint))


def _compiled(rule: RedactionRule) -> Any:
    pattern = compiled("redact", PRESETS[rule.preset].pattern if rule.preset else rule.pattern)
    if pattern.search("") is not None:
        raise ConfigurationError(
            f"the pattern {rule.pattern!r} is found in an empty text, so it is everywhere",
            remedy="write + for *, or say what must be there",
        )
    return pattern


def _replaced(text: str, pattern: Any, kind: _Kind | None, replacement: str) -> str:
    parts, end = [], 0
    for found in pattern.finditer(text):
        for start, stop in _proven(text, found.span(), kind):
            parts += [text[end:start], replacement]
            end = stop
    return "".join([*parts, text[end:]]) if parts else text


def _proven(text: str, span: tuple[int, int], kind: _Kind | None) -> Iterator[tuple[int, int]]:
    """Yield what is one in a stretch that may hold one, the longest first where several begin at one place."""
    if kind is None or kind.proof is None:
        if span[0] < span[1]:
            yield span
        return
    edges = range(*span)
    starts = [at for at in edges if text[at].isalnum() and (at == 0 or not text[at - 1].isalnum())]
    stops = [at + 1 for at in edges if text[at].isalnum() and (at + 1 == len(text) or not text[at + 1].isalnum())]
    behind = span[0]
    for start in starts:
        if start < behind:
            continue
        near = stops[bisect_right(stops, start) : bisect_right(stops, start + kind.most)]
        for stop in reversed(near):
            if kind.proof(text[start:stop]):
                yield start, stop
                behind = stop
                break
