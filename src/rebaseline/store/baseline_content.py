"""Between a baseline and the content of its file."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from rebaseline.domain.baseline import AcceptedAssertion, Baseline, Earlier
from rebaseline.domain.canonical import canonical_json
from rebaseline.domain.model import ModelVersion, Provenance
from rebaseline.domain.suite import AtLeast, Bar, Never, NoWorse
from rebaseline.store.baseline_rule import rule_from
from rebaseline.store.compact import parse_readings, render_readings

__all__ = ["FORMAT", "baseline_from", "content_of", "digest_of"]

FORMAT = 3
"""Raised with every change that an older version would misread; older files are read still.

Format 1 kept no rule. Format 2 kept nothing of the files that it replaced, and one digest of request and row together.
"""


def digest_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a file's content, its own digest left out."""
    text = canonical_json({key: value for key, value in content.items() if key != "digest"})
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def content_of(baseline: Baseline) -> dict[str, Any]:
    """Return what stands in the file of a baseline, digest included."""
    requests = _requests(baseline)
    content: dict[str, Any] = {
        "format": FORMAT,
        "suite": {
            "id": baseline.suite,
            "version": baseline.suite_version,
            "fingerprint": baseline.suite_fingerprint,
        },
        "target": {
            "name": baseline.target,
            "fingerprint": baseline.target_fingerprint,
            "identity": dict(baseline.target_identity),
        },
        "model": {
            "provider": baseline.model.provider,
            "requested": baseline.model.requested,
            "served": baseline.model.served,
        },
        "sessions": list(baseline.sessions),
        "provenance": {
            "sdk": baseline.provenance.sdk,
            "api_version": baseline.provenance.api_version,
            "tool": baseline.provenance.tool,
        },
        "probes": requests,
        "assertions": {name: _assertion(it, requests) for name, it in baseline.assertions.items()},
        "forms": dict(baseline.forms),
        "manner": dict(baseline.manner),
        "accepted": {
            "at": baseline.accepted_at.astimezone(UTC).isoformat(),
            "by": baseline.accepted_by,
            "reason": baseline.reason,
        },
    }
    if baseline.earlier:
        content["earlier"] = [_earlier(each, baseline) for each in baseline.earlier]
    content = json.loads(json.dumps(content, allow_nan=False))  # as a reader will see it, tuples and keys included
    return {**content, "digest": digest_of(content)}


def _requests(baseline: Baseline) -> dict[str, str]:
    """Return the request of each probe, as most assertions have it: it is written once, and what differs with them."""
    met: dict[str, Counter[str]] = defaultdict(Counter)
    for assertion in baseline.assertions.values():
        for probe, request in assertion.probe_keys.items():
            met[probe][request] += 1
    return {probe: min(counts, key=lambda request: (-counts[request], request)) for probe, counts in met.items()}


def _assertion(assertion: AcceptedAssertion, requests: Mapping[str, str]) -> dict[str, Any]:
    content: dict[str, Any] = {
        "verdict": assertion.verdict,
        "bar": _bar(assertion.bar),
        "check_fingerprint": assertion.check_fingerprint,
        "fingerprint": assertion.fingerprint,
        "readings": {probe: render_readings(readings) for probe, readings in assertion.readings.items()},
    }
    if dict(assertion.probe_keys) != _own(requests, assertion.readings):
        content["probes"] = dict(assertion.probe_keys)
    if assertion.judges:
        content["judges"] = dict(assertion.judges)
    if assertion.rule is not None:
        content["rule"] = dict(assertion.rule)
    return content


def _earlier(earlier: Earlier, baseline: Baseline) -> dict[str, Any]:
    """Return what is kept of an earlier file; readings that were accepted again unchanged are not written twice."""
    was, now = earlier.assertion, baseline.assertions.get(earlier.assertion.id)
    content = {"id": was.id, "at": earlier.accepted_at.astimezone(UTC).isoformat()}
    return content if was == now else {**content, "accepted": _assertion(was, {})}


def _own(requests: Mapping[str, str], readings: Mapping[str, Any]) -> dict[str, str]:
    return {probe: requests[probe] for probe in readings if probe in requests}


def _bar(bar: Bar) -> dict[str, float]:
    match bar:
        case AtLeast(rate=rate):
            return {"at_least": rate}
        case Never(ceiling=ceiling):
            return {"never": ceiling}
        case NoWorse(margin=margin):
            return {"no_worse": margin}


_BARS = {"at_least": AtLeast, "never": Never, "no_worse": NoWorse}


def baseline_from(content: Mapping[str, Any]) -> Baseline:
    """Return the baseline of a file's content.

    Raises:
        KeyError: Something is missing.
        TypeError: Something is of another kind.
        ValueError: Something has a value that no baseline has.
    """
    suite, target, accepted = content["suite"], content["target"], content["accepted"]
    requests = content["probes"]
    assertions = {name: _assertion_from(name, it, requests) for name, it in content["assertions"].items()}
    return Baseline(
        suite=suite["id"],
        suite_version=suite["version"],
        suite_fingerprint=suite["fingerprint"],
        target=target["name"],
        target_fingerprint=target["fingerprint"],
        target_identity=dict(target["identity"]),
        model=ModelVersion(**content["model"]),
        sessions=tuple(content["sessions"]),
        provenance=Provenance(**content["provenance"]),
        assertions=assertions,
        forms=dict(content["forms"]),
        manner=dict(content["manner"]),
        accepted_at=datetime.fromisoformat(accepted["at"]),
        accepted_by=accepted["by"],
        reason=accepted["reason"],
        earlier=tuple(_earlier_from(it, assertions) for it in content.get("earlier", ())),
    )


def _earlier_from(content: Mapping[str, Any], assertions: Mapping[str, AcceptedAssertion]) -> Earlier:
    name = content["id"]
    was = _assertion_from(name, content["accepted"], {}) if "accepted" in content else assertions[name]
    return Earlier(datetime.fromisoformat(content["at"]), was)


def _assertion_from(name: str, content: Mapping[str, Any], requests: Mapping[str, str]) -> AcceptedAssertion:
    readings = {probe: parse_readings(text) for probe, text in content["readings"].items()}
    ((bar, level),) = content["bar"].items()
    return AcceptedAssertion(
        id=name,
        verdict=content["verdict"],
        bar=_BARS[bar](level),
        check_fingerprint=content["check_fingerprint"],
        fingerprint=content["fingerprint"],
        readings=readings,
        probe_keys=dict(content["probes"]) if "probes" in content else _own(requests, readings),
        judges={str(judge): str(version) for judge, version in content.get("judges", {}).items()},
        rule=rule_from(content["rule"]) if "rule" in content else None,
    )
