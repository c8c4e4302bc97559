"""The rule that a baseline keeps of an assertion, read as untrusted: whoever can edit the file can mend its digest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["rule_from"]


def rule_from(content: Any) -> dict[str, Any]:
    """Return a rule as it was written.

    Raises:
        TypeError: It is none, or a part of it is of another kind.
    """
    rule = _mapping(content)
    for key, value in rule.items():
        if not _KINDS.get(key, _is_unknown)(value):
            raise TypeError(f"the rule's {key!r}")
    return rule


def _mapping(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError("a rule")
    return value


def _is_unknown(value: Any) -> bool:
    """A later version may keep more; what is not known is not read."""
    del value
    return True


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_check(value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("name"), str):
        return False
    return "tolerant" not in value or _is_texts(value["tolerant"])


def _is_arm(level: str) -> Callable[[Any], bool]:
    def is_arm(value: Any) -> bool:
        return isinstance(value, dict) and type(value.get(level)) in (int, float)

    return is_arm


_KINDS: Mapping[str, Callable[[Any], bool]] = {
    "check": _is_check,
    "on": _is_text,
    "form_claimed": _is_texts,
    "consumer": lambda value: isinstance(value, dict) and all(isinstance(it, str) for it in value.values()),
    "on_refusal": _is_text,
    "means": lambda value: _is_text(value) or _is_check(value),
    "alive_if": _is_arm("rate"),
    "live": _is_arm("floor"),
    "controls": _is_texts,
}
