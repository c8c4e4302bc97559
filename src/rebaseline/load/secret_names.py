"""Names under which people keep secrets. Only names are looked at, and values are never repeated."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["is_secret", "secret_in"]

_SECRET = re.compile(
    r"(^|_)(api_?key|access_?key|private_?key|secret|secret_?key|authorization|passwo?rd|passwd|credentials?|cookie"
    r"|bearer|(access|auth|api|bearer|refresh|id|session)_?token)$|^(key|token)$"
)


def secret_in(content: Any) -> str | None:
    """Return the first key in `content`, at any depth, that names a secret and holds a text.

    A mapping under such a name is no secret: schemas describe fields that are called `password`.
    """
    if isinstance(content, dict):
        for key, value in content.items():
            if is_secret(key) and isinstance(value, str):
                return str(key)
            inner = secret_in(value)
            if inner is not None:
                return inner
    elif isinstance(content, list):
        return next((found for found in map(secret_in, content) if found is not None), None)
    return None


def is_secret(key: str) -> bool:
    """Whether a key names a secret."""
    return _SECRET.search(_spelled(key)) is not None


def _spelled(key: str) -> str:
    """`apiKey`, `API-KEY` and `api_key` are one name."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key)
    return re.sub(r"[-\s.]+", "_", parted).casefold()
