"""Reading numbers as written and as formatted for people. Exact decimals, no float in between."""

from __future__ import annotations

import re
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal

__all__ = ["NUMBER_TOKEN", "near", "plain_number", "read_formatted", "read_percent", "text_of_number"]

_MOST_CHARACTERS = 400
_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,6})?")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_SPACED = re.compile(r"[0-9]{1,3}(?:[ '\u2019\u00a0\u2009\u202f][0-9]{3})+(?:[.,][0-9]+)?")
_POINTS_THEN_COMMA = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+")
_POINTS_ONLY = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){2,}")
_COMMA_DECIMAL = re.compile(r"(?:0,[0-9]+|[0-9]+,(?:[0-9]{1,2}|[0-9]{4,}))")
_UNIT = re.compile(
    r"(?:%|percent|per cent|EUR|USD|GBP|CHF|JPY|euros?|dollars?|pounds?|[$€£¥]"
    r"|km|cm|mm|kg|mg|kWh|MB|GB|°[CF]|ms|seconds?|minutes?|hours?|days?|weeks?|months?|years?|points?)",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"(?:%|\uff05|percent|per cent)\s*$", re.IGNORECASE)
_BEFORE = re.compile(r"(?:EUR|USD|GBP|CHF|JPY|US\$|[$€£¥])", re.IGNORECASE)
_EXACT = Context(prec=80, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])

NUMBER_TOKEN = re.compile(
    r"(?<![\w.])(?<![A-Za-z]-)[-+\u2212]?(?:[0-9]{1,3}(?:[\u00a0\u2009\u202f][0-9]{3})+(?:[.,][0-9]+)?"
    r"|[0-9](?:[0-9.,'\u2019]{0,200}[0-9])?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,6})?(?!\w)"
)
"""A number in running text, grouped or not. Part of a word (`3rd`, `GPT-4`) is none."""


def plain_number(text: str) -> Decimal | None:
    """Return the number that a text *is*, written plainly: `-1234.5`, `1e3`; None for anything else."""
    if len(text) > _MOST_CHARACTERS or _PLAIN.fullmatch(text) is None:
        return None
    return Decimal(text)


def read_formatted(text: str) -> Decimal | None:
    """Return the number that a text is once grouping, a currency sign, a percent sign or a unit is taken away.

    `1,234` is read as English (1234). Commas and points are read the European way only where no other reading is
    possible: `1.234,50`, `12,50`. Words of scale (`million`, `k`) are no units: a text with one is no number here.
    """
    if len(text) > _MOST_CHARACTERS:
        return None
    body = text.strip().replace("\u2212", "-")
    sign = "-" if body.startswith("-") else ""
    body = body.lstrip("+-") if body[:2] not in ("--", "++", "+-", "-+") else ""
    body = _without_unit(body)
    if body[:1] == "-" and not sign:
        sign, body = "-", body[1:]
    plain = plain_number(body) if body[:1] not in "+-" else None
    if plain is None:
        ungrouped = _ungrouped(body)
        plain = None if ungrouped is None else Decimal(ungrouped)
    return plain if plain is None or not sign else plain.copy_negate()


def read_percent(text: str, expected: Decimal) -> Decimal | None:
    """Return the share that a text gives in percent, `42%` as 0.42; None unless a share, at most 1, is expected."""
    if abs(expected) > 1 or len(text) > _MOST_CHARACTERS:
        return None
    sign = _PERCENT.search(text)
    number = None if sign is None else read_formatted(text[: sign.start()])
    return None if number is None else number.scaleb(-2, _EXACT)


def _without_unit(body: str) -> str:
    """Return the text without one currency sign before it and one unit behind it."""
    before = _BEFORE.match(body)
    if before:
        body = body[before.end() :].lstrip()
    end = len(body)
    while end and body[end - 1] not in "0123456789.,":
        end -= 1
    return body[:end] if end < len(body) and _UNIT.fullmatch(body[end:].strip()) else body


def _ungrouped(body: str) -> str | None:
    if _GROUPED.fullmatch(body):
        return body.replace(",", "")
    if _POINTS_THEN_COMMA.fullmatch(body) or _COMMA_DECIMAL.fullmatch(body):
        return body.replace(".", "").replace(",", ".")
    if _POINTS_ONLY.fullmatch(body):
        return body.replace(".", "")
    if _SPACED.fullmatch(body):
        return re.sub(r"[ '\u2019\u00a0\u2009\u202f]", "", body).replace(",", ".")
    return None


def near(number: Decimal, expected: Decimal, absolute: Decimal, relative: Decimal) -> bool:
    """Say whether `number` lies within the larger of the two tolerances of `expected`, bounds included."""
    if number == expected:
        return True
    if not absolute and not relative:
        return False
    distance = _EXACT.abs(_EXACT.subtract(number, expected))
    allowed = max(absolute, _EXACT.multiply(relative, _EXACT.abs(expected)))
    return distance.is_finite() and allowed.is_finite() and distance <= allowed


def text_of_number(number: Decimal) -> str:
    """Return a plain text that `plain_number` reads back as the same number."""
    exponent = number.as_tuple().exponent
    wide = isinstance(exponent, int) and abs(exponent) > _MOST_CHARACTERS // 2
    return str(number) if wide else format(number, "f")
