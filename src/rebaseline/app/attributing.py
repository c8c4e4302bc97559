"""What differs between two sides apart from the replies. It explains; it never enters a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rebaseline.app.comparing import SuiteSide
from rebaseline.domain.baseline import Baseline
from rebaseline.domain.comparison import Attribution, Difference
from rebaseline.domain.judge_shift import JudgeShift
from rebaseline.domain.model import Provenance, Target, TargetKind
from rebaseline.domain.record import SessionHeader
from rebaseline.domain.suite import Suite
from rebaseline.store.store import Store

__all__ = ["attribute"]


@dataclass(frozen=True, slots=True)
class _Circumstances:
    """What is known of how one side was asked."""

    model: str
    settings: str | None
    identity: str | None
    provenance: Provenance | None
    suites: str | None


def attribute(
    store: Store,
    target: Target,
    parts: Sequence[tuple[Suite, SuiteSide | None, SuiteSide]],
    judges: Iterable[tuple[str, JudgeShift]] = (),
) -> Attribution:
    """Compare what is known of both sides: model, parameters, identity, client library, suite, judges.

    A suite that has no old side is left out: that it is there does not make it another suite.

    Args:
        store: The sessions.
        target: The target.
        parts: The suites with both sides.
        judges: By suite id, judges that took the place of another version.
    """
    known = {header.key: header for suite, _, _ in parts for header in store.sessions(suite=suite.id)}
    ways = [target, *(header.target for header in known.values())]
    old = _circumstances([(suite, side) for suite, side, _ in parts if side is not None], known, ways)
    new = _circumstances([(suite, side) for suite, before, side in parts if before is not None], known, ways)
    differences: list[Difference] = []
    equal: list[str] = []
    unknown: list[str] = []
    for what, before, after in (
        ("model", old.model, new.model),
        ("parameters", old.settings, new.settings),
        ("identity of the application", old.identity, new.identity),
        ("client library", _library(old), _library(new)),
        ("API version", _api(old), _api(new)),
        ("suite", old.suites, new.suites),
    ):
        if before is None or after is None:
            unknown.append(what)
        elif before != after:
            differences.append(Difference(what, before, after))
        elif after:
            equal.append(what)
    moved = {(suite, each.judge): (each.old_version, each.new_version) for suite, each in judges}
    differences += [Difference(f"judge {suite}/{name}", *versions) for (suite, name), versions in moved.items()]
    if target.kind is TargetKind.APPLICATION and not (old.identity and new.identity):
        unknown.append("anything behind the endpoint")
    return Attribution(tuple(differences), tuple(equal), tuple(unknown))


def _circumstances(
    sides: list[tuple[Suite, SuiteSide]], known: dict[str, SessionHeader], ways: Sequence[Target]
) -> _Circumstances:
    headers = [known[key] for _, side in sides for key in dict.fromkeys(side.sessions) if key in known]
    baselines = [side.baseline for _, side in sides if side.baseline is not None]
    settings = {_settings(header.target) for header in headers} | {_settings_accepted(b, ways) for b in baselines}
    identities = {_identity_words(header.target.identity) for header in headers}
    identities |= {_identity_words(baseline.target_identity) for baseline in baselines}
    provenances = [header.provenance for header in headers] + [baseline.provenance for baseline in baselines]
    # Stored replies are read by the suite as it stands; what was accepted was read by the suite of that day.
    versions = {
        f"{suite.id} {suite.fingerprint if side.baseline is None else side.baseline.suite_fingerprint}"
        for suite, side in sides
    }
    return _Circumstances(
        model=", ".join(sorted({side.model.name for _, side in sides})),
        settings=_joined(settings),
        identity=None if not identities else _joined(identities - {""}) or "",
        provenance=provenances[0] if provenances else None,
        suites=_joined(versions),
    )


def _settings(target: Target) -> str:
    """Return what stands for the settings of a target, its identity left out."""
    return replace(target, identity={}).fingerprint


def _settings_accepted(baseline: Baseline, ways: Sequence[Target]) -> str:
    """Return the same for a baseline, which keeps one digest of settings and identity: that of a way known here."""
    for way in ways:
        if replace(way, identity=baseline.target_identity).fingerprint == baseline.target_fingerprint:
            return _settings(way)
    return baseline.target_fingerprint


def _identity_words(identity: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in sorted(identity.items()))


def _joined(values: set[str]) -> str | None:
    return ", ".join(sorted(values)) or None


def _library(side: _Circumstances) -> str | None:
    return None if side.provenance is None else side.provenance.sdk or None


def _api(side: _Circumstances) -> str | None:
    return None if side.provenance is None else side.provenance.api_version
