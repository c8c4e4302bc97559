"""Patterns of suites, in RE2: linear time whatever the reply, at the price of look-around and back-references."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from rebaseline.errors import ConfigurationError

__all__ = ["as_searchable", "compiled"]

_LOOK_AROUND = re.compile(r"\(\?<?[=!]")
_BACK_REFERENCE = re.compile(r"(?<!\\)(?:\\\\)*(?:\\[1-9]|\(\?P=)")
_POSSESSIVE = re.compile(r"\(\?>|[*+?}]\+")
_MOST_BYTES = 1 << 24


@lru_cache(maxsize=1024)
def compiled(check: str, pattern: str, *, any_case: bool = False) -> Any:
    """Return a compiled RE2 pattern.

    Raises:
        ConfigurationError: RE2 cannot express the pattern, or it is malformed.
    """
    import re2  # noqa: PLC0415 - only suites with patterns pay for it

    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MOST_BYTES
    options.case_sensitive = not any_case
    try:
        return re2.compile(pattern, options)
    except (re2.error, UnicodeEncodeError) as error:
        raise ConfigurationError(
            f"check `{check}`: pattern {pattern!r}: {_said(error)}", remedy=_remedy(pattern)
        ) from None


def _said(error: Exception) -> str:
    words = error.args[0] if error.args else error
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)


def _remedy(pattern: str) -> str:
    if _LOOK_AROUND.search(pattern):
        return (
            "RE2 has no look-ahead or look-behind: match the surroundings and use a group, or join two checks by all_of"
        )
    if _BACK_REFERENCE.search(pattern):
        return "RE2 has no back-references: write the alternatives out"
    if _POSSESSIVE.search(pattern):
        return "RE2 has no atomic groups or possessive repeats and needs none: it never backtracks"
    return "see https://github.com/google/re2/wiki/Syntax for what RE2 takes"


def as_searchable(text: str) -> str:
    """Return a text that RE2 can take: lone surrogates, which UTF-8 lacks, become U+FFFD."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
