"""`python`: a function of the project reads the reply. Only where the project opted in.

The function is called with the reply's text and with the options under `with` as keywords. It returns true or false,
a number from 0 to 1, a `Look`, or None where it cannot read the reply. Whatever else it does makes the reply
unreadable.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rebaseline.checks.forms import candidates
from rebaseline.checks.kind import CheckType, misused
from rebaseline.domain.attempt import Reply
from rebaseline.domain.form import Form
from rebaseline.domain.instrument import Look, Polarity, SeededFault
from rebaseline.errors import ConfigurationError
from rebaseline.template import did_you_mean

__all__ = ["TYPES", "PythonFunction"]


@dataclass(frozen=True, slots=True)
class PythonFunction:
    """Reads what a function reads.

    Attributes:
        function: Takes the text and the keywords.
        keywords: From the option `with`.
        polarity: From the option `polarity`.
    """

    function: Callable[..., Any]
    keywords: Mapping[str, Any] = field(default_factory=dict)
    polarity: Polarity = Polarity.PRESENCE

    @property
    def tolerates(self) -> tuple[Form, ...]:
        """None, unless the suite names some: only the function's author knows which forms matter to it."""
        return ()

    @property
    def judges_refusal(self) -> bool:
        """A function of its own kind is not asked about refusals."""
        return False

    def look(self, reply: Reply, undo: frozenset[Form]) -> Look:
        """Read the reply; see `Instrument.look`. An absence must be read in every candidate, a presence in one."""
        texts = dict.fromkeys((reply.text, *candidates(reply.text, undo))) if undo else (reply.text,)
        looks = [_as_look(self.function(text, **self.keywords)) for text in texts]
        valued = [look for look in looks if look.value is not None]
        if not valued:
            return looks[0]
        choose = min if self.polarity is Polarity.ABSENCE else max
        return choose(valued, key=lambda look: look.value or 0.0)

    def seeded_faults(self, reply: Reply) -> tuple[SeededFault, ...]:  # noqa: ARG002 - the protocol's signature
        """Return nothing: what would be a fault to this function is not known here. Give controls instead."""
        return ()


def _as_look(returned: Any) -> Look:
    if isinstance(returned, Look):
        return returned
    if returned is None:
        return Look(None, "the function could not read the reply")
    if isinstance(returned, bool):
        return Look(float(returned))
    if isinstance(returned, int | float) and 0 <= returned <= 1:
        return Look(float(returned))
    raise TypeError(f"returned {returned!r}, not true, false, None, a Look or a number from 0 to 1")


def _build(argument: Any, options: Mapping[str, Any]) -> PythonFunction:
    remedy = "write `python: module:function`"
    module_name, colon, function_name = argument.partition(":") if isinstance(argument, str) else ("", "", "")
    if not colon or not module_name or not function_name.isidentifier():
        raise misused("python", "needs a module and a function", argument, remedy)
    try:
        module = importlib.import_module(module_name)
    except Exception as error:
        raise ConfigurationError(
            f"check `python`: {module_name!r} cannot be imported: {type(error).__name__}: {error}",
            remedy="correct the module",
        ) from error
    function = getattr(module, function_name, None)
    if not callable(function):
        raise misused(
            "python", f"`{module_name}` has no such function", function_name, did_you_mean(function_name, vars(module))
        )
    keywords = options.get("with", {})
    if not isinstance(keywords, Mapping) or not all(isinstance(key, str) for key in keywords):
        raise misused("python", "option `with` must be a mapping", keywords, "write `with: {name: value}`")
    polarity = options.get("polarity", Polarity.PRESENCE.value)
    if polarity not in [each.value for each in Polarity]:
        raise misused("python", "option `polarity` must be presence, absence or conduct", polarity, "correct it")
    return PythonFunction(function, dict(keywords), Polarity(polarity))


TYPES = (
    CheckType(
        "python",
        "A function of the project passes the reply.",
        {"type": "string", "pattern": "^[\\w.]+:\\w+$"},
        _build,
        {"with": {"type": "object"}, "polarity": {"enum": [each.value for each in Polarity]}},
    ),
)
