"""What an `error` of an imported line means: a rejection of the request, or a fault on the way."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rebaseline.domain.attempt import Faulted, Rejected
from rebaseline.interop.lines import LineError

__all__ = ["parse_error"]

_REJECTIONS = frozenset({400, 404, 422})
_KINDS: Mapping[int, str] = {
    401: "authentication",
    402: "billing",
    403: "authentication",
    408: "timeout",
    429: "rate_limit",
}
_OWN_KINDS = frozenset({"timeout", "connection", "rate_limit", "server", "malformed", "authentication", "billing"})
_STATUSES = range(100, 600)
_SERVER = 500


def parse_error(error: Any) -> Rejected | Faulted:
    """Return the attempt that an error describes.

    Only the status decides whether the provider refused the request as written (400, 404, 422): the words are kept
    as a hint for people. A parameter that the error names is part of that hint too; it counts as the cause only
    where the log states a `culprit`, which somebody established.

    Args:
        error: Text, or an object with any of `type`, `status`, `message`, `param`, `culprit`.

    Raises:
        LineError: It is neither, or its status is no HTTP status.
    """
    if isinstance(error, str):
        return Faulted(kind="unstated", hint=error)
    if not isinstance(error, dict):
        raise LineError(f"`error` must be text or an object, not a JSON {type(error).__name__}")
    status = _status(error.get("status"))
    hint = _hint(error)
    if status in _REJECTIONS:
        culprit = error.get("culprit")
        return Rejected(status=status, culprit=culprit if isinstance(culprit, str) and culprit else None, hint=hint)
    return Faulted(kind=_kind(status, error.get("type")), status=status, hint=hint)


def _status(status: Any) -> int | None:
    if status is None:
        return None
    if isinstance(status, bool) or not isinstance(status, int) or status not in _STATUSES:
        raise LineError(f"`error.status` must be an HTTP status, not {json.dumps(status)[:60]}")
    return status


def _kind(status: int | None, stated: Any) -> str:
    if status is None:
        return stated if isinstance(stated, str) and stated in _OWN_KINDS else "unstated"
    return _KINDS.get(status, "server" if status >= _SERVER else "unstated")


def _hint(error: Mapping[str, Any]) -> str:
    words = [error.get(key) for key in ("type", "message")]
    words.append(f"(param {error['param']})" if isinstance(error.get("param"), str) else None)
    return " ".join(word for word in words if isinstance(word, str) and word)
