"""Sandboxed expressions in suites: `{{ reference }}`, and little more.

A suite may be written by a stranger (a pull request), so a template can only name fields, reach into them, and pass
them through a few harmless filters. There are no statements, calls, arithmetic or imports; what is not on the list is
refused when the template is read, before anything runs. `{%` and `{#` are plain text. What a template renders is
never rendered again, so fields may hold braces.

Jinja is imported when the first `{{` is met, not before.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from rebaseline.errors import ConfigurationError

if TYPE_CHECKING:
    from jinja2 import Environment, nodes

__all__ = ["FILTERS", "did_you_mean", "has_template", "names_in", "places_in", "render"]

FILTERS = ("default", "float", "int", "length", "lower", "replace", "round", "tojson", "trim", "upper")
"""The filters that a template may use."""

_ALLOWED = ("Template", "Output", "TemplateData", "Name", "Getattr", "Getitem", "Const", "Filter", "Keyword")
_OPEN = "{{"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `did you mean "x"?` for the known word nearest to `word`, else a list of the known words."""
    words = sorted(known)
    nearest = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    if nearest:
        return f'did you mean "{nearest[0]}"?'
    return f"known: {', '.join(words)}" if words else "there are none"


def has_template(value: Any) -> bool:
    """Say whether a JSON-like value holds a template anywhere, keys of mappings excepted."""
    if isinstance(value, str):
        return _OPEN in value
    if isinstance(value, Mapping):
        return any(has_template(part) for part in value.values())
    if isinstance(value, list | tuple):
        return any(has_template(part) for part in value)
    return False


def render(value: Any, fields: Mapping[str, Any], *, native: bool = False) -> Any:
    """Return `value` with every string that holds `{{` rendered.

    Args:
        value: JSON-like value; mappings and lists are walked, keys are left alone.
        fields: What the names stand for.
        native: Give a string that is one expression and nothing else the value of that expression, not its text, so
            that a check may take a list or a number from a row.

    Raises:
        ConfigurationError: A template cannot be read, asks for more than is allowed, or names an unknown field.
    """
    if isinstance(value, str):
        return _render_text(value, fields, native) if _OPEN in value else value
    if isinstance(value, Mapping):
        return {key: render(part, fields, native=native) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [render(part, fields, native=native) for part in value]
    return value


def names_in(text: str) -> frozenset[str]:
    """Return the names of the fields that a template reads.

    Raises:
        ConfigurationError: The template cannot be read.
    """
    if _OPEN not in text:
        return frozenset()
    from jinja2 import nodes  # noqa: PLC0415 - imported when a template is met

    return frozenset(node.name for node in _parsed(text).find_all(nodes.Name))


def places_in(text: str) -> frozenset[tuple[Any, ...]]:
    """Return what a template reads: fields, each with the way into it as far as that is written out.

    Raises:
        ConfigurationError: The template cannot be read.

    >>> sorted(places_in("{{ user }}, {{ parameters.search.depth | default(3) }}"))
    [('parameters', 'search', 'depth'), ('user',)]
    """
    return frozenset(_places(_parsed(text))) if _OPEN in text else frozenset()


def _places(node: nodes.Node) -> Iterator[tuple[Any, ...]]:
    place = _place(node)
    if place:
        yield place
        return
    for child in node.iter_child_nodes():
        yield from _places(child)


def _place(node: nodes.Node) -> tuple[Any, ...]:
    """Return the field and the way into it that an expression is; empty for any other expression."""
    from jinja2 import nodes  # noqa: PLC0415

    match node:
        case nodes.Name():
            return (node.name,)
        case nodes.Getattr():
            way, part = _place(node.node), node.attr
        case nodes.Getitem(arg=nodes.Const()):
            way, part = _place(node.node), node.arg.as_const()
        case _:
            return ()
    return (*way, part) if way else ()


def _render_text(text: str, fields: Mapping[str, Any], native: bool) -> Any:  # noqa: FBT001 - internal
    from jinja2 import UndefinedError  # noqa: PLC0415

    try:
        return _compiled(text, native)(fields)
    except UndefinedError as error:
        missing = sorted(names_in(text) - fields.keys())
        if missing:
            problem, remedy = f'template "{text}": unknown field "{missing[0]}"', did_you_mean(missing[0], fields)
        else:
            problem, remedy = (
                f'template "{text}": {error.message}',
                "name a part that the field has, or use default(...)",
            )
        raise ConfigurationError(problem, remedy=remedy) from None
    except (TypeError, ValueError, OverflowError, ArithmeticError) as error:
        raise ConfigurationError(
            f'template "{text}": {error}', remedy="a filter does not fit the value of its field"
        ) from None


@lru_cache(maxsize=4096)
def _compiled(text: str, native: bool) -> Callable[[Mapping[str, Any]], Any]:  # noqa: FBT001 - internal
    from jinja2 import nodes  # noqa: PLC0415

    tree = _parsed(text)
    lone = _lone_expression(tree) if native else None
    if isinstance(lone, nodes.Name):
        name = lone.name
        return lambda fields: fields[name] if name in fields else _undefined(name)
    if lone is None:
        return _environment().from_string(text).render
    source = text.strip()[2:-2].strip("-+ \n\t")
    expression = _environment().compile_expression(source, undefined_to_none=False)
    return lambda fields: _defined(expression(fields))


def _undefined(name: str) -> Any:
    from jinja2 import UndefinedError  # noqa: PLC0415

    raise UndefinedError(f"'{name}' is undefined")


def _defined(value: Any) -> Any:
    from jinja2 import Undefined  # noqa: PLC0415

    if isinstance(value, Undefined):
        str(value)  # a strict undefined raises here, with its own words
    return value


def _lone_expression(tree: nodes.Template) -> nodes.Expr | None:
    """Return the one expression that a template is made of, or None where there is text beside it."""
    from jinja2 import nodes  # noqa: PLC0415

    if len(tree.body) != 1 or not isinstance(tree.body[0], nodes.Output):
        return None
    parts = [
        part for part in tree.body[0].nodes if not (isinstance(part, nodes.TemplateData) and not part.data.strip())
    ]
    return parts[0] if len(parts) == 1 and not isinstance(parts[0], nodes.TemplateData) else None


@lru_cache(maxsize=4096)
def _parsed(text: str) -> nodes.Template:
    from jinja2 import TemplateError, nodes  # noqa: PLC0415

    try:
        tree = _environment().parse(text)
    except TemplateError as error:
        raise ConfigurationError(
            f'template "{text}" cannot be read: {error.message}',
            remedy='write {{ name }}; for two literal braces write {{ "{{" }}',
        ) from None
    except RecursionError:
        raise ConfigurationError("template is nested too deeply", remedy="write {{ name }}") from None
    for node in tree.find_all(nodes.Node):
        if type(node).__name__ not in _ALLOWED:
            raise ConfigurationError(
                f'template "{text}" uses "{type(node).__name__.lower()}", which is not allowed',
                remedy="templates may name fields, reach into them and use filters: " + ", ".join(FILTERS),
            )
        if isinstance(node, nodes.Name) and node.name == "self":
            raise ConfigurationError(f'template "{text}": the name "self" is reserved', remedy="rename the field")
        if isinstance(node, nodes.Filter) and node.name not in FILTERS:
            raise ConfigurationError(
                f'template "{text}": unknown filter "{node.name}"', remedy=did_you_mean(node.name, FILTERS)
            )
    return tree


def _as_text(value: Any) -> Any:
    """Write what is no text as JSON, so that a list from a row looks the same on every platform."""
    from jinja2 import Undefined  # noqa: PLC0415

    if isinstance(value, str | Undefined):
        return value
    try:
        return json.dumps(value, ensure_ascii=False)
    except TypeError:
        return str(value)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import StrictUndefined  # noqa: PLC0415
    from jinja2.sandbox import SandboxedEnvironment  # noqa: PLC0415

    class FieldsOnly(SandboxedEnvironment):
        """Reaches into mappings and lists, never into attributes of Python objects."""

        def getitem(self, obj: Any, argument: Any) -> Any:
            if isinstance(obj, Mapping) and argument in obj:
                return obj[argument]
            if isinstance(obj, list | tuple) and isinstance(argument, int) and -len(obj) <= argument < len(obj):
                return obj[argument]
            return self.undefined(obj=obj, name=argument)

        def getattr(self, obj: Any, attribute: str) -> Any:
            return self.getitem(obj, attribute)

    environment = FieldsOnly(
        block_start_string="\x00{%",
        block_end_string="%}\x00",
        comment_start_string="\x00{#",
        comment_end_string="#}\x00",
        undefined=StrictUndefined,
        finalize=_as_text,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in FILTERS}
    environment.filters["tojson"] = lambda value: json.dumps(value, ensure_ascii=False)
    return environment
