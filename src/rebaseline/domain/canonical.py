"""Fingerprints: equal content has an equal digest, on every platform and in every version."""

from __future__ import annotations

import hashlib
import json
from typing import Any

__all__ = ["canonical_json", "fingerprint"]


def canonical_json(content: Any) -> str:
    """Return the one JSON text of `content`: sorted keys, no spaces, no NaN.

    Args:
        content: Anything `json` takes; mappings need string keys.

    Raises:
        ValueError: `content` holds NaN or an infinity.
        TypeError: `content` holds something that JSON cannot express.
    """
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def fingerprint(content: Any) -> str:
    """Return the first 16 hex digits of the SHA-256 of the canonical JSON of `content`.

    64 bits name one object among the few thousand of a project; whole digests protect whole files.
    """
    return hashlib.sha256(canonical_json(content).encode("utf-8", "surrogatepass")).hexdigest()[:16]
