"""What a provider still allows, by the headers of a reply."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

from rebaseline.targets.base import Allowance

__all__ = ["allowance_of"]

_ANTHROPIC = "anthropic-ratelimit-"
_TOKEN_KINDS = ("tokens", "input-tokens", "output-tokens")
_SPAN = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d)")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def allowance_of(headers: Mapping[str, str]) -> Allowance | None:
    """Return what the headers say is left, in OpenAI's words or in Anthropic's.

    Args:
        headers: The reply's headers; keys in lower case, or a mapping that ignores case.

    Returns:
        None where they say nothing that can be read. A negative count, which some gateways send, says nothing.

    >>> allowance_of({"x-ratelimit-remaining-requests": "3", "x-ratelimit-reset-requests": "1m2.5s"})
    Allowance(requests=3, requests_reset_seconds=62.5, tokens=None, tokens_reset_seconds=None)
    """
    allowance = _anthropic(headers) if f"{_ANTHROPIC}requests-remaining" in headers else _openai(headers)
    return None if allowance.requests is None and allowance.tokens is None else allowance


def _openai(headers: Mapping[str, str]) -> Allowance:
    return Allowance(
        _count(headers.get("x-ratelimit-remaining-requests")),
        _span_seconds(headers.get("x-ratelimit-reset-requests")),
        _count(headers.get("x-ratelimit-remaining-tokens")),
        _span_seconds(headers.get("x-ratelimit-reset-tokens")),
    )


def _anthropic(headers: Mapping[str, str]) -> Allowance:
    """Return the allowance of headers that name instants, which are measured against the reply's own `date`."""
    now = _http_date(headers.get("date"))
    kinds = [
        (left, _until_seconds(headers.get(f"{_ANTHROPIC}{kind}-reset"), now))
        for kind in _TOKEN_KINDS
        if (left := _count(headers.get(f"{_ANTHROPIC}{kind}-remaining"))) is not None
    ]
    tokens, reset_seconds = min(kinds, key=lambda kind: kind[0], default=(None, None))
    return Allowance(
        _count(headers.get(f"{_ANTHROPIC}requests-remaining")),
        _until_seconds(headers.get(f"{_ANTHROPIC}requests-reset"), now),
        tokens,
        reset_seconds,
    )


def _count(text: str | None) -> int | None:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None  # noqa: PLR2004 - 64 bits


def _span_seconds(text: str | None) -> float | None:
    """Return the seconds of a span such as `12ms`, `6m0s` or `1s`; None for anything else."""
    text = (text or "").strip()
    parts = _SPAN.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        return None
    return sum(float(number) * _UNITS[unit] for number, unit in parts)


def _until_seconds(instant: str | None, now: datetime | None) -> float | None:
    """Return the seconds from `now` to an RFC 3339 instant, at least 0; None where either cannot be read."""
    try:
        then = datetime.fromisoformat((instant or "").strip())
    except ValueError:
        return None
    return None if now is None or then.tzinfo is None else max(0.0, (then - now).total_seconds())


def _http_date(text: str | None) -> datetime | None:
    try:
        instant = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return instant if instant.tzinfo else None
