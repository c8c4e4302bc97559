"""The body that an application is sent: a template of the project, filled from a request, from which nothing is lost.

An application has a format of its own, so the project writes it. What a request holds and the template does not
mention would be dropped without a word, and the reply would be read as one to the whole request: it is refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rebaseline.errors import ConfigurationError
from rebaseline.targets.base import ModelTurn, Request, UserTurn
from rebaseline.template import did_you_mean, places_in, render

__all__ = ["BODY_NAMES", "BodyTemplate", "body_template"]

BODY_NAMES = ("messages", "model", "parameters", "probe", "sample", "system", "user")
"""What a template may name."""

_USUAL = {"message": "{{ user }}"}


@dataclass(frozen=True, slots=True)
class BodyTemplate:
    """A template that was looked through.

    Attributes:
        template: JSON-like, with templates in its texts.
        places: What the templates read.
        where: Its place in the project file.
    """

    template: Mapping[str, Any]
    places: frozenset[tuple[Any, ...]]
    where: str

    def fill(self, request: Request) -> bytes:
        """Return the body for a request, as JSON in UTF-8.

        A text that is one template and nothing else takes over the type of what it names: `{{ messages }}` is a list.

        Raises:
            ConfigurationError: Part of the request would be lost, or the template cannot be filled.
        """
        self._keep_all(request)
        try:
            body = render(self.template, _fields(request), native=True)
            # Replies may hold lone surrogates, which UTF-8 cannot carry back in a later turn.
            return json.dumps(body, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
        except ConfigurationError as error:
            raise ConfigurationError(error.problem, where=self.where, remedy=error.remedy) from None
        except (TypeError, ValueError) as error:
            raise ConfigurationError(
                f"the request cannot be written as JSON: {error}",
                where=self.where,
                remedy="Take out what JSON does not have, such as dates and NaN.",
            ) from None

    def _keep_all(self, request: Request) -> None:
        """Refuse a request of which the template would drop a part."""
        if request.tools or any(not _plain(message) for message in request.messages):
            raise ConfigurationError(
                f"probe {request.probe!r} brings tools, and an application calls its own",
                where=self.where,
                remedy="Take the tools out of the probe, or ask it of a model.",
            )
        if len(request.messages) > 1 and ("messages",) not in self.places:
            self._lose(f"all but the last turn of probe {request.probe!r}", "messages")
        if request.system is not None and ("system",) not in self.places:
            self._lose(f"the system prompt of probe {request.probe!r}", "system")
        for name, value in request.parameters.items():
            if not self._reads(("parameters", name), value):
                self._lose(f"the parameter {name!r} of probe {request.probe!r}", f"parameters.{name}")

    def _reads(self, place: tuple[Any, ...], value: Any) -> bool:
        """Say whether all of a value is read: by a template that names it, what it lies in, or each of its parts."""
        if any(place[:length] in self.places for length in range(1, len(place) + 1)):
            return True
        return bool(isinstance(value, Mapping) and value) and all(
            self._reads((*place, name), part) for name, part in value.items()
        )

    def _lose(self, what: str, name: str) -> None:
        raise ConfigurationError(
            f"{what} would be lost: `request` does not mention it",
            where=self.where,
            remedy=f"Add it to the template: `{{{{ {name} }}}}`.",
        )


def body_template(template: Mapping[str, Any] | None, where: str) -> BodyTemplate:
    """Return the template of a target's `request`; None gives `{"message": "{{ user }}"}`.

    Args:
        template: JSON-like, with templates in its texts.
        where: Its place in the project file.

    Raises:
        ConfigurationError: A template cannot be read, or names something unknown, or none says what the user says.
    """
    template = _USUAL if template is None else template
    try:
        places = _places_within(template)
    except ConfigurationError as error:
        raise ConfigurationError(error.problem, where=where, remedy=error.remedy) from None
    names = {str(place[0]) for place in places}
    unknown = sorted(names.difference(BODY_NAMES))
    if unknown:
        raise ConfigurationError(
            f"`request` names `{unknown[0]}`, which no request has",
            where=where,
            remedy=did_you_mean(unknown[0], BODY_NAMES),
        )
    if not names & {"user", "messages"}:
        raise ConfigurationError(
            "`request` says nothing of what the user says, so every probe would be asked the same",
            where=where,
            remedy="Put `{{ user }}` or `{{ messages }}` where the application takes it.",
        )
    return BodyTemplate(template, places, where)


def _places_within(value: Any) -> frozenset[tuple[Any, ...]]:
    if isinstance(value, str):
        return places_in(value)
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return frozenset().union(*(_places_within(part) for part in parts))


def _fields(request: Request) -> dict[str, Any]:
    said = [message.text for message in request.messages if isinstance(message, UserTurn)]
    return {
        "messages": [
            {"role": "user" if isinstance(message, UserTurn) else "assistant", "content": message.text}
            for message in request.messages
        ],
        "model": request.model,
        "parameters": dict(request.parameters),
        "probe": request.probe,
        "sample": request.sample,
        "system": request.system,
        "user": said[-1] if said else "",
    }


def _plain(message: Any) -> bool:
    return isinstance(message, UserTurn) or (isinstance(message, ModelTurn) and not message.calls)
