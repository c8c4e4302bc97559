"""Rules between assertions and the probes that they speak about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rebaseline.domain.suite import Assertion, Control, Probe
from rebaseline.errors import ConfigurationError
from rebaseline.load.complaints import LineOf, Loc
from rebaseline.load.findings import Findings, closest
from rebaseline.load.stencil import names_within
from rebaseline.template import render

__all__ = ["ArmRules"]

_ABSENCE = "lacks"


class ArmRules:
    """Looks at assertions beside the probes of their arms, and notes what cannot work."""

    def __init__(
        self, probes: tuple[Probe, ...], *, whole: bool, line_of: LineOf, path: str, findings: Findings
    ) -> None:
        """Sort the probes into arms.

        Args:
            probes: Every probe that could be read.
            whole: Whether that is all of them; if not, an arm that seems empty may not be.
            line_of: Line of a place in the file.
            path: How messages name the file.
            findings: Where problems are noted.
        """
        self._arms: dict[str, list[Probe]] = {}
        for probe in probes:
            for tag in probe.tags:
                self._arms.setdefault(tag, []).append(probe)
        self._probes = probes
        self._ids = {probe.id for probe in probes}
        self._whole = whole
        self._line_of = line_of
        self._path = path
        self._findings = findings

    def check_written(self, raw: Any, loc: Loc) -> None:
        """Check an entry as it is written, so that one that is broken elsewhere is looked at too."""
        if not isinstance(raw, Mapping):
            return
        arm = self._arm(raw, loc)
        self._same_samples(arm, loc)
        self._check_names(raw, arm, loc)
        alive = raw.get("alive_if")
        if isinstance(alive, Mapping):
            self._check_names(alive, self._arm(alive, (*loc, "alive_if")), (*loc, "alive_if"))
        elif _is_absence(raw.get("check")) and any(probe.adversarial for probe in arm):
            self._findings.warning(
                self._path,
                self._line_of((*loc, "check")),
                "a model that refuses everything would pass this on its adversarial probes",
                "add `alive_if: {on: …, check: …}` with probes that deserve an answer",
            )
        controls = raw.get("controls")
        live = controls.get("live") if isinstance(controls, Mapping) else None
        if isinstance(live, Mapping):
            self._check_names(raw, self._arm(live, (*loc, "controls", "live")), loc)

    def check_controls(self, assertion: Assertion, raw: Mapping[str, Any], loc: Loc) -> None:
        """Check that each control is given what the check's templates ask for."""
        names = self._names(raw.get("check"), (*loc, "check"))
        for control in assertion.controls:
            missing = self._missing(raw["check"], names, control.given)
            if missing:
                self._findings.error(
                    self._path,
                    control.where.line,
                    f"the check asks for `{missing[0]}`, which this control is not given",
                    _give(missing[0], control),
                )

    def _arm(self, raw: Mapping[str, Any], loc: Loc) -> list[Probe] | tuple[Probe, ...]:
        """Return the probes that `on` names; note where there are none."""
        tag = raw.get("on")
        if tag is None:
            return self._probes
        arm = self._arms.get(tag, []) if isinstance(tag, str) else []
        if not arm and self._whole and isinstance(tag, str):
            remedy = closest(tag, self._arms) or "give probes this tag"
            if tag in self._ids:
                remedy = f"`{tag}` is the id of a probe, and `on` names a tag: give the probe a tag"
            self._findings.error(self._path, self._line_of((*loc, "on")), f"no probe has the tag `{tag}`", remedy)
        return arm

    def _same_samples(self, arm: list[Probe] | tuple[Probe, ...], loc: Loc) -> None:
        counts = {probe.samples for probe in arm}
        if len(counts) > 1:
            self._findings.warning(
                self._path,
                self._line_of((*loc, "on")),
                f"its probes are asked {min(counts)} to {max(counts)} times; evidence ends at the fewest",
                "give all probes of an arm the same `samples`",
            )

    def _check_names(self, raw: Mapping[str, Any], arm: list[Probe] | tuple[Probe, ...], loc: Loc) -> None:
        """Note the first probe whose fields lack what the check's templates ask for, and how many there are."""
        check, place = raw.get("check"), (*loc, "check")
        names = self._names(check, place)
        lacking = [(probe, missing) for probe in arm if (missing := self._missing(check, names, probe.fields))]
        if lacking:
            probe, missing = lacking[0]
            others = f" and {len(lacking) - 1} more" if len(lacking) > 1 else ""
            self._findings.error(
                self._path,
                self._line_of(place),
                f"the check asks for `{missing[0]}`, which probe `{probe.id}` ({probe.where}){others} does not have",
                closest(missing[0], probe.fields) or "add it to `vars`, or as a column of the table",
            )

    def _names(self, check: Any, place: Loc) -> frozenset[str]:
        try:
            return names_within(check)
        except ConfigurationError as refusal:
            self._findings.refusal(self._path, self._line_of(place), refusal)
            return frozenset()

    def _missing(self, check: Any, names: frozenset[str], fields: Mapping[str, Any]) -> list[str]:
        """Return what `fields` lack, unless the template has a default for it."""
        if names <= fields.keys():
            return []
        try:
            render(check, fields, native=True)
        except ConfigurationError:
            return sorted(names - fields.keys())
        return []


def _is_absence(check: Any) -> bool:
    """Whether a pass of the check, as it is written, rests on something that is not there."""
    if not isinstance(check, Mapping):
        return False
    if "not" in check:
        return not _is_absence(check["not"])
    parts = check.get("all") or check.get("any")
    if isinstance(parts, list):
        return any(_is_absence(part) for part in parts)
    return _ABSENCE in check


def _give(name: str, control: Control) -> str:
    near = closest(name, control.given)
    return near if near.startswith("did you mean") else f"write `given: {{{name}: …}}` under `controls`"
