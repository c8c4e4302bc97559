"""The rule of an assertion as plain values: what a baseline keeps of it, so that a later change can be named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rebaseline.domain.canonical import fingerprint
from rebaseline.domain.suite import Assertion, CheckSpec, Control

__all__ = ["canonical_rule", "plain_check"]


def canonical_rule(assertion: Assertion) -> dict[str, Any]:
    """Return how replies are read and judged, apart from the bar; what is not set is left out.

    Controls are named by fingerprints: that one is missing can be seen, and a file of theirs is not copied.
    """
    alive, live = assertion.alive_if, assertion.live
    content = {
        "check": plain_check(assertion.check),
        "on": assertion.on,
        "form_claimed": sorted(str(form) for form in assertion.form_claimed),
        "consumer": {str(form): str(effect) for form, effect in sorted(assertion.consumer.items())},
        "on_refusal": None if assertion.on_refusal is None else str(assertion.on_refusal),
        "means": plain_check(assertion.means) if isinstance(assertion.means, CheckSpec) else assertion.means,
        "alive_if": alive and {"on": alive.on, "check": plain_check(alive.check), "rate": alive.rate},
        "live": live and {"on": live.on, "expected": str(live.expected), "floor": live.floor, "against": live.against},
        "controls": sorted(_control(control) for control in assertion.controls),
    }
    return {key: value for key, value in content.items() if value}


def plain_check(spec: CheckSpec) -> dict[str, Any]:
    """Return a check as plain values: its name, its argument, its options, and the forms that it undoes if it says."""
    content = {"name": spec.name, "argument": _plain(spec.argument), "options": _plain(spec.options)}
    plain = {key: value for key, value in content.items() if value not in (None, {})}
    return plain if spec.tolerant is None else {**plain, "tolerant": sorted(str(form) for form in spec.tolerant)}


def _plain(value: Any) -> Any:
    if isinstance(value, CheckSpec):
        return plain_check(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _control(control: Control) -> str:
    calls = [[call.name, call.arguments] for call in control.tool_calls]
    given = _plain(control.given)
    return fingerprint([control.text, str(control.expected), given, str(control.stop), calls])
