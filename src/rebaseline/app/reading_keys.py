"""What an accepted reading of a probe depends on, apart from the reply and the rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from rebaseline.domain.canonical import fingerprint
from rebaseline.domain.suite import Assertion, CheckSpec, Probe
from rebaseline.template import names_in

__all__ = ["reading_key"]


def reading_key(assertion: Assertion, probe: Probe) -> str:
    """Return a digest of the request, of whether it is adversarial, and of the fields that the checks' templates name.

    A reference that was corrected in a table changes the key: readings made with the old one are not compared.
    """
    names = _names_of(assertion.check) | _names_of(assertion.means)
    if not names and not probe.adversarial:
        return probe.fingerprint
    fields = {name: _plain(probe.fields.get(name)) for name in sorted(names)}
    return fingerprint([probe.fingerprint, probe.adversarial, fields])


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
