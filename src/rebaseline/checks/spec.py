"""Reading the YAML form of a check: `{lacks: "x", tolerant: [case]}`."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from rebaseline.checks.kind import CheckType, shown
from rebaseline.domain.canonical import fingerprint
from rebaseline.domain.form import Form
from rebaseline.domain.suite import CheckSpec
from rebaseline.errors import ConfigurationError
from rebaseline.template import did_you_mean

__all__ = ["COMBINATORS", "parse_spec"]

COMBINATORS = ("all_of", "any_of", "not")
_DEEPEST = 20


def parse_spec(raw: Any, types: Mapping[str, CheckType], depth: int = 0) -> CheckSpec:
    """Return the check that a mapping writes; parts of `all_of`, `any_of` and `not` become `CheckSpec` in turn.

    Raises:
        ConfigurationError: There is not exactly one check name, an option is unknown, or `tolerant` names no form.
    """
    if not isinstance(raw, Mapping) or not all(isinstance(key, str) for key in raw):
        raise ConfigurationError(
            f"a check must be a mapping, got {shown(repr(raw))}", remedy="write for example `{contains: text}`"
        )
    if depth > _DEEPEST:
        raise ConfigurationError(f"checks are nested more than {_DEEPEST} deep", remedy="join parts of the same kind")
    name = _name_in(raw, types)
    if name in COMBINATORS:
        return _parse_combinator(name, raw, types, depth)
    options = {key: value for key, value in raw.items() if key not in (name, "tolerant")}
    check = types[name]
    for key in options:
        if key not in check.options and not check.open_options:
            raise ConfigurationError(
                f"check `{name}`: unknown option `{key}`", remedy=did_you_mean(key, [*check.options, "tolerant"])
            )
    tolerant = _parse_tolerant(name, raw["tolerant"]) if "tolerant" in raw else None
    return CheckSpec(name, raw[name], options, tolerant, _fingerprint(name, raw[name], options, tolerant))


def _name_in(raw: Mapping[str, Any], types: Mapping[str, CheckType]) -> str:
    known = [*types, *COMBINATORS]
    named = [key for key in raw if key in known]
    if len(named) > 1:
        named = _without_options(named, types)
    if len(named) == 1:
        _refuse_misspelt(named[0], raw, types)
        return named[0]
    if named:
        raise ConfigurationError(
            f"a check must have one name, got {' and '.join(f'`{key}`' for key in named)}",
            remedy="join checks by `all_of: [...]`",
        )
    first = next((key for key in raw if key != "tolerant"), "")
    raise ConfigurationError(f"unknown check `{first}`", remedy=did_you_mean(first, known))


def _refuse_misspelt(name: str, raw: Mapping[str, Any], types: Mapping[str, CheckType]) -> None:
    """Refuse `{json_paht: $.a, number: 1}` for the name that is misspelt, not for an option that `number` lacks."""
    check = types.get(name)
    for key in raw:
        if key in (name, "tolerant") or (check is not None and (key in check.options or check.open_options)):
            continue
        owners = [other for other in types if name in types[other].options]
        if get_close_matches(key, owners, 1):
            raise ConfigurationError(f"unknown check `{key}`", remedy=did_you_mean(key, owners))


def _without_options(named: list[str], types: Mapping[str, CheckType]) -> list[str]:
    """Return the names that are no options: in `{json_path: $.a, number: 1}` the second is an option."""
    heads = [
        key for key in named if key in types and all(other in types[key].options for other in named if other != key)
    ]
    return heads if len(heads) == 1 else named


def _parse_combinator(name: str, raw: Mapping[str, Any], types: Mapping[str, CheckType], depth: int) -> CheckSpec:
    extra = [key for key in raw if key != name]
    if extra:
        raise ConfigurationError(f"check `{name}`: unknown option `{extra[0]}`", remedy="write options in the parts")
    argument = raw[name]
    if name == "not":
        part = parse_spec(argument, types, depth + 1)
        return CheckSpec(name, part, fingerprint=fingerprint([name, part.fingerprint]))
    if not isinstance(argument, list | tuple) or not argument:
        raise ConfigurationError(
            f"check `{name}`: needs a list of checks, got {shown(repr(argument))}",
            remedy=f"write `{name}: [{{contains: one}}, {{contains: two}}]`",
        )
    parts = tuple(parse_spec(part, types, depth + 1) for part in argument)
    return CheckSpec(name, parts, fingerprint=fingerprint([name, *(part.fingerprint for part in parts)]))


def _parse_tolerant(name: str, raw: Any) -> tuple[Form, ...]:
    listed = raw if isinstance(raw, list | tuple) else [raw]
    forms = [form.value for form in Form]
    for each in listed:
        if each not in forms:
            raise ConfigurationError(
                f"check `{name}`: unknown form `{each}` in `tolerant`", remedy=did_you_mean(str(each), forms)
            )
    return tuple(form for form in Form if form.value in listed)


def _fingerprint(name: str, argument: Any, options: Mapping[str, Any], tolerant: tuple[Form, ...] | None) -> str:
    content = {
        "name": name,
        "argument": argument,
        "options": dict(options),
        "tolerant": None if tolerant is None else sorted(form.value for form in tolerant),
    }
    try:
        return fingerprint(content)
    except (TypeError, ValueError, RecursionError):
        raise ConfigurationError(
            f"check `{name}`: holds a value that JSON cannot express, such as a date or NaN",
            remedy="put quotes around it",
        ) from None
