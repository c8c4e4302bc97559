"""Templates of an entry, looked through once and filled in for each row."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rebaseline.template import names_in, render

__all__ = ["Stencil", "names_within", "text_of"]


@dataclass(frozen=True, slots=True)
class Stencil:
    """A value with templates in its texts, at any depth.

    Attributes:
        value: As it was written.
        names: Fields that it asks for.
        native: Whether a text that is one template takes over the type of the field.
    """

    value: Any
    names: frozenset[str]
    native: bool = False

    @classmethod
    def cut(cls, value: Any, *, native: bool = False) -> Stencil:
        """Look through `value` once.

        Raises:
            ConfigurationError: A template in it is malformed.
        """
        return cls(value, names_within(value), native)

    def fill(self, fields: Mapping[str, Any]) -> Any:
        """Return the value with its templates filled in; the very same object where it holds none.

        Raises:
            ConfigurationError: A template cannot be filled from `fields`.
        """
        return render(self.value, fields, native=self.native) if self.dynamic else self.value

    @property
    def dynamic(self) -> bool:
        """Whether there is anything to fill in."""
        return bool(self.names)


def names_within(value: Any) -> frozenset[str]:
    """Return the fields that the templates in `value` ask for, at any depth.

    Raises:
        ConfigurationError: A template is malformed.
    """
    if isinstance(value, str):
        return frozenset(names_in(value)) if "{{" in value else frozenset()
    if isinstance(value, Mapping):
        return frozenset().union(*(names_within(each) for each in value.values()))
    if isinstance(value, list | tuple):
        return frozenset().union(*(names_within(each) for each in value))
    return frozenset()


def text_of(value: Any) -> str:
    """Return what a template gave as text: itself, or its JSON where a typed column gave something else."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
