"""The registry: every check by name, and the way from a suite's words to instruments."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from rebaseline.checks.bounded import Bounded, Isolated, Opposed
from rebaseline.checks.catalogue import BUILT_IN
from rebaseline.checks.instruments.judge import Judged, judge_of
from rebaseline.checks.kind import Build, CheckType
from rebaseline.checks.spec import COMBINATORS, parse_spec
from rebaseline.domain.form import Form
from rebaseline.domain.instrument import AllOf, AnyOf, CheckNode, Instrument, Leaf
from rebaseline.domain.judge import EMPTY_BENCH, Bench
from rebaseline.domain.suite import CheckSpec
from rebaseline.errors import ConfigurationError
from rebaseline.template import did_you_mean, has_template, render

__all__ = ["Registry"]

_MOST_CACHED = 4096
_NESTED = {"$ref": "#/$defs/check"}


@dataclass(frozen=True, slots=True)
class _Occasion:
    """What a check is compiled for.

    Attributes:
        fields: What its templates see.
        asked: What the reply answers.
    """

    fields: Mapping[str, Any]
    asked: str


@dataclass(frozen=True, slots=True)
class Registry:
    """Checks by name. Immutable: extending returns another registry.

    Attributes:
        types: Every check but the combinators `all_of`, `any_of` and `not`.
        allow_python: The project lets suites name its own functions (`python:`).
        foreign: Names that were added to the built-in ones.
        bench: The judges of the suite whose checks are compiled, and what they said.
    """

    types: Mapping[str, CheckType]
    allow_python: bool = False
    foreign: frozenset[str] = frozenset()
    bench: Bench = EMPTY_BENCH
    _compiled: OrderedDict[tuple[str, bool], CheckNode | None] = field(
        default_factory=OrderedDict, repr=False, compare=False
    )

    @classmethod
    def builtin(cls, *, allow_python: bool = False) -> Registry:
        """Return the built-in checks.

        Args:
            allow_python: Let suites run functions of the project; a pull request could bring one beside CI's keys.
        """
        return cls(MappingProxyType({check.name: check for check in BUILT_IN}), allow_python)

    def extended(self, checks: Mapping[str, CheckType | Build]) -> Registry:
        """Return a registry with the checks of others added: entry points `rebaseline.checks`, loaded by the caller.

        Args:
            checks: By name, a `CheckType`, or a function of argument and options that returns an instrument.

        Raises:
            ConfigurationError: A name is taken.
        """
        added = dict(self.types)
        for name, check in checks.items():
            if name in added or name in (*COMBINATORS, "tolerant"):
                raise ConfigurationError(
                    f"check `{name}` exists already", remedy="give the check of the plug-in another name"
                )
            if isinstance(check, CheckType):
                added[name] = replace(check, name=name)
            else:
                summary = (check.__doc__ or "A check of a plug-in.").strip().splitlines()[0]
                added[name] = CheckType(name, summary, {}, check, open_options=True)
        return Registry(MappingProxyType(added), self.allow_python, self.foreign | checks.keys(), self.bench)

    def with_bench(self, bench: Bench) -> Registry:
        """Return a registry that reads what the judges of a suite said."""
        return Registry(self.types, self.allow_python, self.foreign, bench)

    def names(self) -> tuple[str, ...]:
        """Return every name that a suite may write, combinators included."""
        return (*sorted(self.types), *COMBINATORS)

    def parse(self, raw: Any) -> CheckSpec:
        """Return the check that a mapping of a suite writes; one without templates is validated whole.

        Raises:
            ConfigurationError: It is no check, or a wrong one; the message says what to do.
        """
        spec = parse_spec(raw, self.types)
        self._validate_what_is_fixed(spec)
        return spec

    def _validate_what_is_fixed(self, spec: CheckSpec) -> None:
        if spec.name in COMBINATORS:
            for part in _parts_of(spec):
                self._validate_what_is_fixed(part)
        elif not _is_templated(spec):
            self.compile(spec, {})
        elif spec.name == "python":
            self.compile(
                replace(spec, options={}, fingerprint=""), {}
            )  # that it may run and is there: rows give the rest

    def compile(self, spec: CheckSpec, fields: Mapping[str, Any], asked: str | None = None) -> CheckNode:
        """Return the instruments of a check, with its templates rendered from a probe's fields.

        A check without templates is compiled once and kept; the last few thousand stay.

        Args:
            spec: The check.
            fields: What its templates see.
            asked: What the reply answers, for judges; None for the field `prompt`, where there is one.

        Raises:
            ConfigurationError: The check or a rendered argument is wrong.
        """
        occasion = _Occasion(fields, str(fields.get("prompt", "")) if asked is None else asked)
        if not spec.fingerprint:
            return self._compile(spec, occasion, negated=False)
        key = (spec.fingerprint, False)
        kept = self._compiled.get(key, self)
        if kept is self:
            kept = None if _is_templated(spec) else self._compile(spec, occasion, negated=False)
            self._compiled[key] = kept
            if len(self._compiled) > _MOST_CACHED:
                self._compiled.popitem(last=False)
        return kept if isinstance(kept, Leaf | AllOf | AnyOf) else self._compile(spec, occasion, negated=False)

    def _compile(self, spec: CheckSpec, occasion: _Occasion, *, negated: bool) -> CheckNode:
        """Compile, with `not` pushed down to the leaves by De Morgan's laws."""
        if spec.name == "not":
            return self._compile(_parts_of(spec)[0], occasion, negated=not negated)
        if spec.name in COMBINATORS:
            parts = tuple(self._compile(part, occasion, negated=negated) for part in _parts_of(spec))
            return AllOf(parts) if (spec.name == "all_of") != negated else AnyOf(parts)
        instrument = self._instrument(spec, occasion)
        tolerant: tuple[Form, ...] = instrument.tolerates if spec.tolerant is None else spec.tolerant
        return Leaf(spec.name, Opposed(instrument) if negated else instrument, tolerant, negated)

    def _instrument(self, spec: CheckSpec, occasion: _Occasion) -> Instrument:
        check = self.types.get(spec.name)
        if check is None:
            raise ConfigurationError(f"unknown check `{spec.name}`", remedy=did_you_mean(spec.name, self.names()))
        if spec.name == "python" and not self.allow_python:
            raise ConfigurationError(
                f"check `python`: {spec.argument!r} is not run, since the project has not opted in",
                remedy="set `python = true` under `[checks]` in rebaseline.toml if all who may edit suites are trusted",
            )
        if spec.name == "judge":
            return Bounded(Judged(judge_of(self.bench, spec.argument), self.bench, occasion.fields, occasion.asked))
        argument = render(spec.argument, occasion.fields, native=True)
        options = render(spec.options, occasion.fields, native=True) if spec.options else spec.options
        if spec.name not in self.foreign:
            built = check.build(argument, options)
            return Bounded(Isolated(built) if spec.name == "python" else built)
        return Bounded(Isolated(_build_foreign(check, argument, options)))

    def argument_schema(self, name: str) -> dict[str, Any]:
        """Return the JSON Schema of one check as a suite writes it; parts refer to `#/$defs/check`."""
        if name in COMBINATORS:
            part = _NESTED if name == "not" else {"type": "array", "minItems": 1, "items": _NESTED}
            return _object_schema(name, {name: part}, name, closed=True)
        check = self.types[name]
        properties = {name: _or_template(check.argument)}
        properties |= {option: _or_template(schema) for option, schema in check.options.items()}
        properties["tolerant"] = {
            "type": "array",
            "uniqueItems": True,
            "items": {"enum": [form.value for form in Form]},
        }
        return _object_schema(name, properties, check.summary, closed=not check.open_options)

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of any check, for `#/$defs/check` of the editor's schema."""
        by_name_alone = {"enum": ["refuses", "answers", "no_tool_call"], "description": "A check that takes nothing."}
        return {"oneOf": [by_name_alone, *(self.argument_schema(name) for name in self.names())]}


def _build_foreign(check: CheckType, argument: Any, options: Mapping[str, Any]) -> Instrument:
    """Build a plug-in's check. Whatever it raises speaks of what the suite wrote: its author checks it that way."""
    try:
        return check.build(argument, options)
    except ConfigurationError:
        raise
    except Exception as error:
        raise ConfigurationError(
            f"check `{check.name}` of a plug-in cannot be made: {type(error).__name__}: {error}",
            remedy="see what it takes; or mend the plug-in",
        ) from error


def _object_schema(name: str, properties: Mapping[str, Any], summary: str, *, closed: bool) -> dict[str, Any]:
    schema = {"type": "object", "description": summary, "required": [name], "properties": dict(properties)}
    return schema | {"additionalProperties": False} if closed else schema


def _or_template(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema that also takes a template where the value is no text."""
    return {"anyOf": [dict(schema), {"type": "string", "pattern": "\\{\\{"}]} if schema else {}


def _parts_of(spec: CheckSpec) -> tuple[CheckSpec, ...]:
    parts = spec.argument if isinstance(spec.argument, list | tuple) else (spec.argument,)
    if not parts or not all(isinstance(part, CheckSpec) for part in parts):
        raise ConfigurationError(f"check `{spec.name}`: its parts are not parsed", remedy="make it by Registry.parse")
    return tuple(parts)


def _is_templated(spec: CheckSpec) -> bool:
    """Say whether a check differs from probe to probe; what a judge is asked always does."""
    if spec.name == "judge":
        return True
    if spec.name in COMBINATORS:
        return any(_is_templated(part) for part in _parts_of(spec))
    return has_template(spec.argument) or has_template(spec.options)
