"""What an accepted reading of a probe depends on, apart from the reply and the rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from rebaseline.domain.baseline import AcceptedAssertion
from rebaseline.domain.canonical import fingerprint
from rebaseline.domain.suite import Assertion, CheckSpec, Probe
from rebaseline.template import names_in

__all__ = ["OTHERWISE", "REWORDED", "ROW", "probe_differences", "reading_key", "reading_keys"]

REWORDED = "reworded"
ROW = "another reference or row"
OTHERWISE = "changed"
"""How a probe differs from what was accepted; a file of format 2 cannot tell a request from a row."""

_AND = "+"


def reading_keys(assertion: Assertion, probes: Iterable[Probe]) -> dict[str, str]:
    """Return by probe id a digest of its request, and of the fields that are read with whether it is adversarial.

    Those are the fields that templates of the checks name. A reference that was corrected in a table changes the key:
    readings made with the old one are not compared.
    """
    names = _names_in(assertion)
    return {probe.id: _key(probe, names) for probe in probes}


def reading_key(assertion: Assertion, probe: Probe) -> str:
    """Return the key of one probe, as `reading_keys` returns those of many."""
    return _key(probe, _names_in(assertion))


def probe_differences(accepted: AcceptedAssertion, now: Assertion, probes: Iterable[Probe]) -> dict[str, str]:
    """Return by id how accepted probes are not as they were: `REWORDED`, `ROW` or `OTHERWISE`. Others are left out.

    Args:
        accepted: What was accepted.
        now: The assertion as it stands.
        probes: The probes that it speaks about.
    """
    names = _names_in(now)
    found = {}
    for probe in probes:
        before = accepted.probe_keys.get(probe.id)
        if before is not None and before != _key(probe, names) and (how := _difference(before, probe, names)):
            found[probe.id] = how
    return found


def _difference(before: str, probe: Probe, names: tuple[str, ...]) -> str:
    request, both, _ = before.partition(_AND)
    if request == probe.fingerprint:
        return ROW
    if both:
        return REWORDED
    reads_row = bool(names) or probe.adversarial
    if reads_row and before == fingerprint([probe.fingerprint, *_row(probe, names)]):
        return ""  # as format 2 wrote it
    return OTHERWISE if reads_row else REWORDED


def _key(probe: Probe, names: tuple[str, ...]) -> str:
    if not names and not probe.adversarial:
        return probe.fingerprint
    return f"{probe.fingerprint}{_AND}{fingerprint(_row(probe, names))}"


def _row(probe: Probe, names: tuple[str, ...]) -> list[Any]:
    return [probe.adversarial, {name: _plain(probe.fields.get(name)) for name in names}]


def _names_in(assertion: Assertion) -> tuple[str, ...]:
    return tuple(sorted(_names_of(assertion.check) | _names_of(assertion.means)))


def _plain(value: Any) -> Any:
    """Return a cell as JSON can hold it; YAML knows dates."""
    return value if isinstance(value, str | int | float | bool | list | dict | None) else str(value)


@lru_cache(maxsize=1024)
def _names_by_text(text: str) -> frozenset[str]:
    return names_in(text)


def _names_of(value: Any) -> frozenset[str]:
    return frozenset(name for text in _texts_in(value) for name in _names_by_text(text))


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if "{{" in value:
            yield value
    elif isinstance(value, CheckSpec):
        yield from _texts_in(value.argument)
        yield from _texts_in(value.options)
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts_in(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts_in(part)
