"""What counts as a change: fingerprints of probes, assertions and suites.

Only what can change a reply or a verdict goes in; where it is written does not. A field at its default is left out, so
that a later version of this program may add fields and keep old fingerprints.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rebaseline.domain.attempt import Stop
from rebaseline.domain.canonical import fingerprint
from rebaseline.domain.suite import (
    Assertion,
    AtLeast,
    Bar,
    CheckSpec,
    Control,
    LiveArm,
    Never,
    NoWorse,
    Probe,
    Tool,
    Turn,
)

__all__ = ["assertion_digest", "probe_digest", "suite_digest"]


def probe_digest(
    turns: Iterable[Turn], system: str | None, tools: Iterable[Tool], parameters: Mapping[str, Any]
) -> str:
    """Return the fingerprint of what goes into the request."""
    content: dict[str, Any] = {"turns": [[turn.role.value, turn.text] for turn in turns]}
    if system is not None:
        content["system"] = system
    if parameters:
        content["parameters"] = parameters
    tool_list = [_tool(tool) for tool in tools]
    if tool_list:
        content["tools"] = tool_list
    return fingerprint(content)


def assertion_digest(assertion: Assertion) -> str:
    """Return the fingerprint of all that can change a verdict; claim, owner, layers and kind are not of it."""
    alive, live, source = assertion.alive_if, assertion.live, assertion.reference_from
    content = {
        "check": assertion.check.fingerprint,
        "bar": _bar(assertion.bar),
        "on": assertion.on,
        "form_claimed": sorted(assertion.form_claimed),
        "consumer": dict(assertion.consumer),
        "on_refusal": assertion.on_refusal,
        "means": _means(assertion.means),
        "reference_from": source and [source.model, source.at],
        "alive_if": alive and {"on": alive.on, "check": alive.check.fingerprint, "rate": alive.rate},
        "live": live and _live(live),
        "controls": [_control(control) for control in assertion.controls],
    }
    return fingerprint({key: value for key, value in content.items() if value})


def suite_digest(probes: Iterable[Probe], assertions: Iterable[Assertion]) -> str:
    """Return the fingerprint of all probes and assertions; their order is not of it."""
    return fingerprint(
        {
            "probes": {
                probe.id: [
                    probe.fingerprint,
                    sorted(probe.tags),
                    probe.adversarial,
                    probe.samples,
                    probe.fields,
                ]
                for probe in probes
            },
            "assertions": {assertion.id: assertion.fingerprint for assertion in assertions},
        }
    )


def _tool(tool: Tool) -> dict[str, Any]:
    content = {
        "name": tool.name,
        "description": tool.description,
        "parameters": tool.parameters,
        "result": tool.result,
    }
    return {key: value for key, value in content.items() if value not in ("", None, {})}


def _means(means: str | CheckSpec | None) -> str | dict[str, str] | None:
    return {"check": means.fingerprint} if isinstance(means, CheckSpec) else means


def _bar(bar: Bar) -> dict[str, float]:
    match bar:
        case AtLeast(rate):
            return {"at_least": rate}
        case Never(ceiling):
            return {"never": ceiling}
        case NoWorse(margin):
            return {"no_worse": margin}


def _live(live: LiveArm) -> dict[str, Any]:
    content: dict[str, Any] = {"on": live.on, "expected": live.expected, "floor": live.floor}
    if live.against is not None:
        content["against"] = live.against
    return content


def _control(control: Control) -> dict[str, Any]:
    content: dict[str, Any] = {"text": control.text, "expected": control.expected}
    if control.given:
        content["given"] = control.given
    if control.stop is not Stop.COMPLETE:
        content["stop"] = control.stop
    if control.tool_calls:
        content["tool_calls"] = [[call.name, call.arguments] for call in control.tool_calls]
    return content
