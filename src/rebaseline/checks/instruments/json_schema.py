"""`json_schema`: the reply is JSON that satisfies a schema (draft 2020-12).

No reference leaves the schema, patterns run in RE2, and `uniqueItems` in linear time, so that neither a schema nor a
reply can make the reading hang or call out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from rebaseline.checks.faults import dressed, fault, unrelated
from rebaseline.checks.kind import CheckType, misused, shown
from rebaseline.checks.patterns import as_searchable, compiled
from rebaseline.checks.specimen import instance_of
from rebaseline.checks.structure import MISSING, json_of
from rebaseline.domain.attempt import Reply
from rebaseline.domain.canonical import canonical_json
from rebaseline.domain.form import Form
from rebaseline.domain.instrument import Look, Polarity, SeededFault

__all__ = ["TYPES", "JsonSchema"]

_OF_EVERY_TYPE = ("{}", "[]", "null", "true", "0.5", '"a text"')
_ALL = frozenset({Form.FENCE, Form.PREAMBLE})


@dataclass(frozen=True, slots=True)
class JsonSchema:
    """Passes when the reply, read as JSON, satisfies the schema.

    Attributes:
        schema: The schema as canonical JSON.
    """

    schema: str

    polarity: ClassVar[Polarity] = Polarity.PRESENCE
    tolerates: ClassVar[tuple[Form, ...]] = (Form.FENCE, Form.PREAMBLE)
    judges_refusal: ClassVar[bool] = False

    def look(self, reply: Reply, undo: frozenset[Form]) -> Look:
        """Read the reply; see `Instrument.look`. What is no JSON fails, since that is claimed."""
        value = json_of(reply.text, undo)
        if value is MISSING:
            return Look(0.0, "no JSON value")
        error = next(_validator(self.schema).iter_errors(value), None)
        return Look(1.0) if error is None else Look(0.0, shown(f"{error.json_path}: {error.message}", 150))

    def seeded_faults(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return replies of another shape. A schema that takes anything is not alive."""
        value = json_of(reply.text, _ALL)
        faults = [unrelated(reply), fault("cut JSON", reply, '{"')]
        if value is not MISSING:
            faults.append(fault("broken JSON", reply, f"{json.dumps(value)}]"))
        if isinstance(value, dict):
            for key in list(value)[:3]:
                rest = {name: part for name, part in value.items() if name != key}
                faults.append(fault(f"without {shown(key, 30)}", reply, json.dumps(rest)))
        others = [text for text in _OF_EVERY_TYPE if not isinstance(json.loads(text), type(value))]
        return (*faults, *(fault(f"another type, {text}", reply, text) for text in others))

    def planted(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return replies that satisfy the schema, for a negated check; none where no such value can be made up."""
        value = instance_of(json.loads(self.schema))
        if next(_validator(self.schema).iter_errors(value), None) is not None:
            return ()
        indented = fault("the forbidden shape, indented", reply, json.dumps(value, indent=2))
        return (*dressed("the forbidden shape", reply, json.dumps(value, ensure_ascii=False)), indented)


@lru_cache(maxsize=256)
def _validator(schema: str) -> Any:
    """Return a validator that neither calls out nor backtracks."""
    from jsonschema import Draft202012Validator, validators  # noqa: PLC0415 - only suites with a schema pay for it
    from referencing import Registry  # noqa: PLC0415

    keywords = {"pattern": _pattern, "uniqueItems": _unique_items}
    linear = validators.extend(Draft202012Validator, keywords)  # type: ignore[no-untyped-call]
    return linear(json.loads(schema), registry=Registry())


def _pattern(_validator: Any, pattern: str, instance: Any, _schema: Any) -> Iterator[Any]:
    from jsonschema import ValidationError  # noqa: PLC0415

    if isinstance(instance, str) and not compiled("json_schema", pattern).search(as_searchable(instance)):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _unique_items(_validator: Any, wanted: Any, instance: Any, _schema: Any) -> Iterator[Any]:
    from jsonschema import ValidationError  # noqa: PLC0415

    if wanted and isinstance(instance, list) and len({canonical_json(item) for item in instance}) < len(instance):
        yield ValidationError("items are not unique")


def _subschemas(node: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(node, Mapping):
        yield node
        for part in node.values():
            yield from _subschemas(part)
    elif isinstance(node, list | tuple):
        for part in node:
            yield from _subschemas(part)


def _build(argument: Any, _options: Mapping[str, Any]) -> JsonSchema:
    if not isinstance(argument, Mapping):
        raise misused("json_schema", "needs a schema", argument, "write `json_schema: {type: object, …}`")
    schema = canonical_json(argument)
    _validate(schema)
    return JsonSchema(schema)


@lru_cache(maxsize=256)
def _validate(schema: str) -> None:
    from jsonschema import Draft202012Validator, SchemaError  # noqa: PLC0415
    from referencing import Registry  # noqa: PLC0415
    from referencing.exceptions import Unresolvable  # noqa: PLC0415
    from referencing.jsonschema import DRAFT202012  # noqa: PLC0415

    content = json.loads(schema)
    try:
        Draft202012Validator.check_schema(content)
    except SchemaError as error:
        raise misused(
            "json_schema", f"the schema is wrong at {error.json_path}: {error.message}", content, "correct it"
        ) from None
    resolver = Registry().resolver_with_root(DRAFT202012.create_resource(content))
    for part in _subschemas(content):
        if "patternProperties" in part:
            raise misused(
                "json_schema", "does not take `patternProperties`", part, "use `propertyNames` with a `pattern`"
            )
        if isinstance(part.get("pattern"), str):
            compiled("json_schema", part["pattern"])
        for reference in (part.get("$ref"), part.get("$dynamicRef")):
            if isinstance(reference, str):
                try:
                    resolver.lookup(reference)
                except Unresolvable:
                    raise misused(
                        "json_schema", "a reference leads nowhere in the schema", reference,
                        "put the part under `$defs`; references to files or the network are not followed",
                    ) from None  # fmt: skip


TYPES = (CheckType("json_schema", "The reply is JSON that satisfies this schema.", {"type": "object"}, _build),)
