"""Where things are found in an application's reply: JSONPath (RFC 9535), without patterns.

`match` and `search` are refused: the library runs them in time that may grow exponentially with the reply.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rebaseline.errors import ConfigurationError

__all__ = ["Place", "place_of"]

_PLAIN_PATH = re.compile(r"\$(?:\.[A-Za-z_][A-Za-z0-9_]*)*")


@dataclass(frozen=True, slots=True)
class Place:
    """A path that can be read.

    Attributes:
        path: The path as it was written.
    """

    path: str

    def find(self, value: Any) -> list[Any]:
        """Return what lies there, in order; empty for nothing, or where the value is nested past what is followed.

        A path of plain names, which most are, is walked here: the library takes ten times as long and is not loaded.
        """
        if not _PLAIN_PATH.fullmatch(self.path):
            return _found(self.path, value)
        for name in self.path.split(".")[1:]:
            if not isinstance(value, dict) or name not in value:
                return []
            value = value[name]
        return [value]


def place_of(path: str) -> Place:
    """Return the place that a path names.

    Raises:
        ConfigurationError: It is no RFC 9535 query, or uses a pattern.
    """
    if not _PLAIN_PATH.fullmatch(path):
        _query(path)
    return Place(path)


def _found(path: str, value: Any) -> list[Any]:
    from jsonpath_rfc9535 import JSONPathError  # noqa: PLC0415 - only paths with more than names pay for it

    try:
        return [node.value for node in _query(path).find(value)]
    except (JSONPathError, RecursionError):
        return []


@lru_cache(maxsize=256)
def _query(path: str) -> Any:
    from jsonpath_rfc9535 import JSONPathEnvironment, JSONPathError  # noqa: PLC0415

    environment = JSONPathEnvironment()
    for pattern in ("match", "search"):
        del environment.function_extensions[pattern]
    try:
        return environment.compile(path)
    except (JSONPathError, RecursionError) as error:
        said = str(error).splitlines()[0] if str(error) else "it cannot be read"
        raise ConfigurationError(
            f"path {path[:200]!r}: {said}", remedy="Write an RFC 9535 query such as `$.answer`, without patterns."
        ) from None
