"""What an application's endpoint answered, found by the paths of the project."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from rebaseline.domain.attempt import Answered, Faulted
from rebaseline.targets.application_reply import UnreadableError, answered_of
from rebaseline.targets.json_places import Place

__all__ = ["read_application_reply"]

_MANY = frozenset({"tool_calls"})


def read_application_reply(
    body: bytes, read: Mapping[str, Place], identity: Mapping[str, Place], *, status: int, latency_seconds: float
) -> Answered | Faulted:
    """Return what the body of a successful reply says.

    Of several values the first is read. A path that finds nothing is noted, null says nothing and is not.

    Args:
        body: The body as received.
        read: By the names of `application_reply.ANSWER_KEYS`, where to look.
        identity: By names of the project's own, where to look.
        status: HTTP status, for faults.
        latency_seconds: From sending to the last byte.

    Returns:
        `Faulted` (malformed) where the body is not JSON, holds no reply, or something of another kind than promised.
    """
    try:
        content = json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        return Faulted("malformed", status, f"the body is not JSON: {type(error).__name__}")
    found = {key: places.find(content) for key, places in read.items()}
    if not found["reply"]:
        return Faulted("malformed", status, f"read.reply: `{read['reply'].path}` finds nothing")
    said = {name: (place.find(content) or [None])[0] for name, place in identity.items()}
    try:
        return answered_of(
            {key: _value(key, values) for key, values in found.items()},
            said,
            latency_seconds=latency_seconds,
            novelty=tuple(_news(found, read)),
        )
    except UnreadableError as error:
        return Faulted("malformed", status, f"{_where(error.key, read, identity)} finds {error.problem}")


def _value(key: str, values: list[Any]) -> Any:
    """Return the value of a key. Tool calls may be found as one list or one by one."""
    one_by_one = (
        key in _MANY and values and not (len(values) == 1 and (values[0] is None or isinstance(values[0], list)))
    )
    return values if one_by_one else next(iter(values), None)


def _news(found: Mapping[str, list[Any]], read: Mapping[str, Place]) -> list[str]:
    missing = [f"{key}: `{read[key].path}` finds nothing" for key, values in found.items() if not values]
    several = [
        f"{key}: `{read[key].path}` finds {len(values)} values, the first is read"
        for key, values in found.items()
        if len(values) > 1 and key not in _MANY
    ]
    return missing + several


def _where(key: str, read: Mapping[str, Place], identity: Mapping[str, Place]) -> str:
    name = key.removeprefix("identity.")
    return f"read.{key}: `{read[key].path}`" if key in read else f"identity.{name}: `{identity[name].path}`"


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)
