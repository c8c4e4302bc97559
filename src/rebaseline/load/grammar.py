"""What loading must know of checks. The registry knows more; `app` hands it in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from rebaseline.domain.suite import CheckSpec

__all__ = ["CheckGrammar"]


class CheckGrammar(Protocol):
    """The checks that a suite may use."""

    def parse(self, raw: Mapping[str, Any]) -> CheckSpec:
        """Return the check that a suite writes as `{name: argument, option: value, …}`.

        Raises:
            ConfigurationError: There is no such check, or its argument or an option does not fit.
        """

    def schema(self) -> Mapping[str, Any]:
        """Return the JSON Schema of a check; it may refer to itself as `#/$defs/check`."""
