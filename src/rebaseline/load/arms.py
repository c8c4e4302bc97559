"""Rules between assertions and the probes that they speak about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rebaseline.domain.suite import Assertion, Control, Probe
from rebaseline.errors import ConfigurationError
from rebaseline.load.findings import closest, meant
from rebaseline.load.page import Loc, Page
from rebaseline.load.stencil import names_within
from rebaseline.template import render

__all__ = ["ArmRules", "tags_written"]

_Arm = Sequence[Probe]
_ABSENT = frozenset({"lacks", "no_tool_call"})
_PRESENT = frozenset({"contains", "equals", "matches", "one_of", "starts_with"})


class ArmRules:
    """Looks at assertions beside the probes of their arms, and notes what cannot work."""

    def __init__(self, probes: tuple[Probe, ...], written: frozenset[str] | None, page: Page) -> None:
        """Sort the probes into arms.

        Args:
            probes: Every probe that could be read.
            written: Every tag that an entry has, of the broken ones too; None where not all can be known.
            page: The suite's file.
        """
        self._arms: dict[str, list[Probe]] = {}
        for probe in probes:
            for tag in probe.tags:
                self._arms.setdefault(tag, []).append(probe)
        self._probes = probes
        self._ids = {probe.id for probe in probes}
        self._written = written
        self._page = page

    def check_written(self, raw: Any, loc: Loc) -> None:
        """Check an entry as it is written, so that one that is broken elsewhere is looked at too."""
        if not isinstance(raw, Mapping):
            return
        arm = self._arm(raw, loc)
        self._same_samples(arm, loc)
        self._check_names(raw, arm, loc)
        if isinstance(raw.get("means"), Mapping):
            self._check_names(raw, arm, loc, key="means")
        alive = raw.get("alive_if")
        if isinstance(alive, Mapping):
            self._check_names(alive, self._arm(alive, (*loc, "alive_if")), (*loc, "alive_if"))
        elif _passes_silence(raw.get("check")) and any(probe.adversarial for probe in arm):
            self._page.warning(
                (*loc, "check"),
                "a model that refuses everything would pass this on its adversarial probes",
                "add `alive_if: {on: …, check: …}` with probes that deserve an answer",
            )
        controls = raw.get("controls")
        live = controls.get("live") if isinstance(controls, Mapping) else None
        if isinstance(live, Mapping):
            self._check_live(raw, live, arm, loc)

    def _check_live(self, raw: Mapping[str, Any], live: Mapping[str, Any], claimed: _Arm, loc: Loc) -> None:
        """Check the arms of a live control: both have what the check asks for, and no probe is in both."""
        place = (*loc, "controls", "live")
        arms = {key: self._arm(live, place, key) for key in ("on", "passes", "fails") if live.get(key) is not None}
        for arm in arms.values():
            self._check_names(raw, arm, loc)
            if isinstance(raw.get("means"), Mapping):
                self._check_names(raw, arm, loc, key="means")
        match arms:
            case {"on": first, **others} if not others:
                second = claimed
            case {"passes": first, "fails": second, **others} if not others:
                pass
            case _:
                return
        both = {probe.id for probe in first} & {probe.id for probe in second}
        if both:
            self._page.error(
                place,
                f"probe `{min(both)}` would be in both arms: its replies cannot have to pass and to fail",
                "give each arm a tag of its own",
            )

    def check_controls(self, assertion: Assertion, raw: Mapping[str, Any], loc: Loc) -> None:
        """Check that each control is given what the check's templates ask for."""
        for key in ("check", "means"):
            self._check_given(assertion, raw, key, loc)

    def _check_given(self, assertion: Assertion, raw: Mapping[str, Any], key: str, loc: Loc) -> None:
        names = self._names(raw.get(key), (*loc, key))
        for control in assertion.controls:
            missing = self._missing(raw[key], names, control.given) if names else []
            if missing:
                self._page.findings.error(
                    self._page.path,
                    control.where.line,
                    f"the check asks for `{missing[0]}`, which this control is not given",
                    _give(missing[0], control),
                )

    def _arm(self, raw: Mapping[str, Any], loc: Loc, key: str = "on") -> _Arm:
        """Return the probes that `on`, or another key, names; note where there are none."""
        tag = raw.get(key)
        if tag is None:
            return self._probes
        arm = self._arms.get(tag, []) if isinstance(tag, str) else []
        if not arm and isinstance(tag, str) and self._written is not None and tag not in self._written:
            remedy = closest(tag, self._written) or "give probes this tag"
            if tag in self._ids:
                remedy = f"`{tag}` is the id of a probe, and `{key}` names a tag: give the probe a tag"
            self._page.error((*loc, key), f"no probe has the tag `{tag}`", remedy)
        return arm

    def _same_samples(self, arm: _Arm, loc: Loc) -> None:
        counts = {probe.samples for probe in arm}
        if len(counts) > 1:
            self._page.warning(
                (*loc, "on"),
                f"its probes are asked {min(counts)} to {max(counts)} times; evidence ends at the fewest",
                "give all probes of an arm the same `samples`",
            )

    def _check_names(self, raw: Mapping[str, Any], arm: _Arm, loc: Loc, *, key: str = "check") -> None:
        """Note the first probe whose fields lack what the check's templates ask for, and how many there are."""
        check, place = raw.get(key), (*loc, key)
        names = self._names(check, place)
        lacking = [(probe, missing) for probe in arm if (missing := self._missing(check, names, probe.fields))]
        if lacking:
            probe, missing = lacking[0]
            others = f" and {len(lacking) - 1} more" if len(lacking) > 1 else ""
            self._page.error(
                place,
                f"the check asks for `{missing[0]}`, which probe `{probe.id}` ({probe.where}){others} does not have",
                closest(missing[0], probe.fields) or "add it to `vars`, or as a column of the table",
            )

    def _names(self, check: Any, place: Loc) -> frozenset[str]:
        try:
            return names_within(check)
        except ConfigurationError as refusal:
            self._page.refusal(place, refusal)
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


def tags_written(content: Mapping[str, Any], probes: tuple[Probe, ...]) -> frozenset[str] | None:
    """Return every tag that the file gives to probes, of entries that could not be read too.

    Args:
        content: The whole file.
        probes: Every probe that could be read.

    Returns:
        The tags; None where those of an entry cannot be known, so that no tag can be said to be missing.
    """
    entries = content.get("probes")
    listed = [*entries, content.get("defaults")] if isinstance(entries, list) else [entries, content.get("defaults")]
    tags = [tag for entry in listed if isinstance(entry, Mapping) for tag in _as_list(entry.get("tags", []))]
    read = {tag for probe in probes for tag in probe.tags}
    if not all(isinstance(tag, str) for tag in tags):
        return None
    if any("{{" in tag for tag in tags) and not read.difference(tags):
        return None
    return frozenset(read.union(tag for tag in tags if "{{" not in tag))


def _as_list(tags: Any) -> list[Any]:
    return tags if isinstance(tags, list) else [tags]


def _passes_silence(check: Any) -> bool:
    """Whether a reply that says and does nothing would pass the check as it is written."""
    if not isinstance(check, Mapping):
        return False
    if isinstance(check.get("not"), Mapping):
        return not _PRESENT.isdisjoint(check["not"])
    for combinator, rule in (("all_of", all), ("any_of", any)):
        parts = check.get(combinator)
        if isinstance(parts, list):
            return bool(parts) and rule(_passes_silence(part) for part in parts)
    return not _ABSENT.isdisjoint(check)


def _give(name: str, control: Control) -> str:
    return meant(name, control.given) or f"write `given: {{{name}: …}}` under `controls`"
