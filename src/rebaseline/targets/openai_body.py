"""What the bodies of OpenAI's formats share: how they are opened, and how they hold an error."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from rebaseline.domain.attempt import Faulted
from rebaseline.targets.base import Asked
from rebaseline.targets.wire_values import MalformedError, mapping_at

__all__ = ["error_words", "read_body", "written_arguments"]


def read_body(body: bytes, read: Callable[[Mapping[str, Any]], Asked], *, without_error: str) -> Asked:
    """Return what the body of a successful reply says.

    Args:
        body: The body as received.
        read: Reads the object in it; may raise `MalformedError`.
        without_error: The member that a reply has. A body with an error in its place is one that a gateway sent with
            a status of success.

    Returns:
        What `read` makes of it; a fault where the body is malformed or such an error.
    """
    try:
        whole = mapping_at(json.loads(body), "body")
        if whole.get("error") and not whole.get(without_error):
            return Asked(Faulted("server", 200, error_words(whole["error"])))
        return read(whole)
    except MalformedError as error:
        return Asked(Faulted("malformed", 200, str(error)))
    except (ValueError, RecursionError) as error:
        return Asked(Faulted("malformed", 200, f"not JSON: {type(error).__name__}"))


def error_words(error: Any) -> str:
    """Return the words of an error with the members that name a culprit, as the provider sees it. For people."""
    if not isinstance(error, Mapping):
        return str(error or "")
    marks = [f"{name}={error[name]}" for name in ("param", "code") if error.get(name) is not None]
    words = str(error.get("message") or "")
    return f"{words} ({', '.join(marks)})" if marks else words


def written_arguments(arguments: Any) -> str:
    """Return the arguments of a call as JSON text; some servers send an object where the format says text."""
    return arguments if isinstance(arguments, str) else json.dumps(arguments or {}, ensure_ascii=False)
