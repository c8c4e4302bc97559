"""RFC 9535 queries, with their `match` and `search` run in RE2: a pattern may come from the reply itself."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from rebaseline.checks.patterns import as_searchable, compiled
from rebaseline.errors import ConfigurationError

__all__ = ["find_nodes", "find_values", "plain_names", "query"]

_PLAIN_PATH = re.compile(r"\$(?:\.[A-Za-z_][A-Za-z0-9_]*)+")


@lru_cache(maxsize=512)
def query(check: str, path: str) -> Any:
    """Return a compiled query.

    Raises:
        ConfigurationError: It is no RFC 9535 query.
    """
    from jsonpath_rfc9535 import JSONPathError  # noqa: PLC0415 - only suites with a path pay for it

    try:
        return _environment().compile(as_searchable(path))
    except (JSONPathError, RecursionError) as error:
        message = str(error).splitlines()[0] if str(error) else "cannot be read"
        raise ConfigurationError(
            f"check `{check}`: path {path!r}: {message}", remedy="write an RFC 9535 query, for example `$.total`"
        ) from None


def find_nodes(path: str, value: Any) -> list[Any] | None:
    """Return the nodes that a query finds; None where the value is nested past what the query can follow."""
    from jsonpath_rfc9535 import JSONPathError  # noqa: PLC0415

    try:
        return list(query("json_path", path).find(value))
    except (JSONPathError, RecursionError):
        return None


def find_values(path: str, value: Any) -> list[Any] | None:
    """Return the values that a query finds; None where the value is nested past what the query can follow.

    A path of plain names, which most are, is walked here: the library takes ten times as long to find the same.
    """
    names = plain_names(path)
    if names is None:
        nodes = find_nodes(path, value)
        return None if nodes is None else [node.value for node in nodes]
    for name in names:
        if not isinstance(value, dict) or name not in value:
            return []
        value = value[name]
    return [value]


@lru_cache(maxsize=1024)
def plain_names(path: str) -> tuple[str, ...] | None:
    """Return the names of a path such as `$.a.b`; None for a path of any other kind."""
    return tuple(path.split(".")[1:]) if _PLAIN_PATH.fullmatch(path) else None


@lru_cache(maxsize=1)
def _environment() -> Any:
    from jsonpath_rfc9535 import JSONPathEnvironment  # noqa: PLC0415
    from jsonpath_rfc9535.function_extensions import ExpressionType, FilterFunction  # noqa: PLC0415

    class Linear(FilterFunction):
        """The standard `match` or `search`; as the standard says, a wrong pattern or no text is no match."""

        arg_types = [ExpressionType.VALUE, ExpressionType.VALUE]  # noqa: RUF012 - as the library declares it
        return_type = ExpressionType.LOGICAL

        def __init__(self, *, whole: bool) -> None:
            self.whole = whole

        def __call__(self, text: object, pattern: object) -> bool:
            if not isinstance(text, str) or not isinstance(pattern, str):
                return False
            try:
                found = compiled("json_path", as_searchable(pattern))
            except ConfigurationError:
                return False
            text = as_searchable(text)
            return bool(found.fullmatch(text) if self.whole else found.search(text))

    environment = JSONPathEnvironment()
    environment.function_extensions |= {"match": Linear(whole=True), "search": Linear(whole=False)}
    return environment
