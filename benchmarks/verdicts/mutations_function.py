"""A check of one's own, as a suite's `python:` names it."""

from __future__ import annotations

import unicodedata

__all__ = ["names"]


def names(text: str, value: str) -> bool:
    """Say whether a text names a value, whatever marks and spaces stand around and between its words."""
    plain = (
        unicodedata.normalize("NFKC", text).casefold().translate(dict.fromkeys(map(ord, "*_`$\u200b\u00ad\u2060"), ""))
    )
    return value.casefold() in " ".join(plain.split())
