"""Replies by the model version that answered, and the baselines accepted of them.

`open_store` and `Store` are loaded on first use: reading a baseline file needs no SQLAlchemy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rebaseline.store.opening import open_store
    from rebaseline.store.store import Store

__all__ = ["Store", "open_store"]


def __getattr__(name: str) -> Any:
    if name == "open_store":
        from rebaseline.store.opening import open_store  # noqa: PLC0415 - see the module's docstring

        return open_store
    if name == "Store":
        from rebaseline.store.store import Store  # noqa: PLC0415 - see the module's docstring

        return Store
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
