"""An entry of `probes`, ready to be stamped into one probe for each row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rebaseline.domain.suite import Location, Probe, Role, Tool, Turn
from rebaseline.errors import ConfigurationError
from rebaseline.load.digests import probe_digest
from rebaseline.load.shape_probe import ProbeDefaultsShape, ProbeShape, TableShape, ToolShape
from rebaseline.load.stencil import Stencil, text_of

__all__ = ["Blueprint"]

_NATIVE = frozenset({"parameters", "adversarial"})
_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False, "": False}


@dataclass(frozen=True, slots=True)
class Blueprint:
    """One entry with the suite's defaults merged in.

    Attributes:
        parts: Stencils by the key of the entry under which they stand.
        roles: Who speaks in each turn.
        samples: How often to ask; None where neither entry nor defaults say so.
        base: Variables and the entry's own fields; a row's cells come over them.
    """

    parts: Mapping[str, Stencil]
    roles: tuple[Role, ...]
    samples: int | None
    base: Mapping[str, Any]

    @classmethod
    def draw(
        cls,
        shape: ProbeShape | TableShape,
        defaults: ProbeDefaultsShape,
        variables: Mapping[str, Any],
        *,
        usual_id: str | None = None,
    ) -> Blueprint:
        """Merge an entry with the defaults: its parameters and tags add to theirs, everything else replaces them.

        Args:
            shape: The entry.
            defaults: The suite's defaults.
            variables: The suite's variables.
            usual_id: Template of the id where the entry has none; None where whoever stamps gives the id.

        Raises:
            ConfigurationError: A template is malformed; `where` holds the key.
        """
        given = shape.model_fields_set
        tools = shape.tools if shape.tools is not None else defaults.tools
        turns = [{"user": shape.user}] if shape.turns is None else [turn.model_dump() for turn in shape.turns]
        spoken = [(role, turn[role]) for turn in turns for role in Role if turn.get(role) is not None]
        identifier = usual_id if shape.id is None else shape.id
        values = {
            **({} if identifier is None else {"id": identifier}),
            "system": shape.system if "system" in given else defaults.system,
            "user" if shape.turns is None else "turns": [text for _, text in spoken],
            "tools": [_plain_tool(tool) for tool in tools],
            "parameters": {**defaults.parameters, **shape.parameters},
            "tags": [*defaults.tags, *shape.tags],
            "adversarial": shape.adversarial,
        }
        return cls(
            parts={key: _cut(key, value, native=key in _NATIVE) for key, value in values.items()},
            roles=tuple(role for role, _ in spoken),
            samples=shape.samples if shape.samples is not None else defaults.samples,
            base={**variables, **shape.fields, **({"reference": shape.reference} if "reference" in given else {})},
        )

    @property
    def names(self) -> frozenset[str]:
        """Fields that its templates ask for."""
        return frozenset().union(*(stencil.names for stencil in self.parts.values()))

    @property
    def seeded(self) -> bool:
        """Whether a seed is fixed, so that more samples would be copies of one reply."""
        parameters = self.parts["parameters"].value
        return parameters.get("seed") is not None

    def key_of(self, name: str) -> str:
        """Return the key whose template asks for `name`."""
        return next(key for key, stencil in self.parts.items() if name in stencil.names)

    def stamp(self, fields: Mapping[str, Any], *, usual_id: str, samples: int, where: Location) -> Probe:
        """Return the probe that the entry makes of `fields`.

        Args:
            fields: Variables, the entry's fields and the row's cells.
            usual_id: Id for an entry that has no template for it.
            samples: How often to ask.
            where: Place of the entry or row.

        Raises:
            ConfigurationError: A template gives something that does not fit its place.
        """
        filled = {key: stencil.fill(fields) for key, stencil in self.parts.items()}
        texts = filled["user"] if "user" in filled else filled["turns"]
        turns = tuple(Turn(role, text_of(text)) for role, text in zip(self.roles, texts, strict=True))
        system = None if filled["system"] is None else text_of(filled["system"])
        tools = tuple(_tool(tool) for tool in filled["tools"])
        return Probe(
            id=_identifier(text_of(filled.get("id", usual_id))),
            turns=turns,
            system=system,
            tools=tools,
            parameters=filled["parameters"],
            tags=_tags(tuple(tag for tag in map(text_of, filled["tags"]) if tag)),
            adversarial=_flag(filled["adversarial"]),
            samples=samples,
            fields=fields,
            where=where,
            fingerprint=probe_digest(turns, system, tools, filled["parameters"]),
        )


@lru_cache(maxsize=256)
def _tags(tags: tuple[str, ...]) -> frozenset[str]:
    """Return the tags as a set that probes share: even an empty one of its own would be a third of a short probe."""
    return frozenset(tags)


def _cut(key: str, value: Any, *, native: bool) -> Stencil:
    try:
        return Stencil.cut(value, native=native)
    except ConfigurationError as refusal:
        raise ConfigurationError(refusal.problem, where=key, remedy=refusal.remedy) from refusal


def _plain_tool(shape: ToolShape) -> dict[str, Any]:
    return {
        "name": shape.name,
        "description": shape.description,
        "parameters": shape.parameters,
        "result": shape.result,
    }


def _tool(tool: Mapping[str, Any]) -> Tool:
    result = tool["result"]
    return Tool(
        name=tool["name"],
        description=text_of(tool["description"]),
        parameters=tool["parameters"],
        result=None if result is None else text_of(result),
    )


def _identifier(text: str) -> str:
    if not text or len(text) > 200 or not text.isprintable() or text != text.strip():  # noqa: PLR2004 - as `Label`
        raise ConfigurationError(
            f"the id {text[:60]!r} is empty, over 200 characters, or holds what cannot be printed",
            remedy="give each probe a short id of its own",
        )
    return text


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    flag = _FLAGS.get(text_of(value).strip().casefold())
    if flag is None:
        raise ConfigurationError(
            f"`adversarial` is {text_of(value)[:60]!r}, neither true nor false", remedy="write true or false"
        )
    return flag
