"""`json_path`: what an RFC 9535 query finds in the reply, read as JSON.

A reply that is no JSON is unreadable; a path at which nothing stands is a fail. Inside the JSON, quotation marks
around a number and its grouping are forms, and so is the case of a text.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from rebaseline.checks.faults import fault, unrelated
from rebaseline.checks.instruments.number import expected_number
from rebaseline.checks.json_wants import Equal, Exists, NumberIs, OneOf, Want
from rebaseline.checks.kind import SCHEMA_FLAG, SCHEMA_NUMBER, CheckType, flag_of, misused, share_of
from rebaseline.checks.queries import find_nodes, find_values, plain_names, query
from rebaseline.checks.structure import MISSING, json_answer, json_of
from rebaseline.domain.attempt import Reply
from rebaseline.domain.form import Form
from rebaseline.domain.instrument import Look, Polarity, SeededFault

__all__ = ["TYPES", "JsonPath"]

_FORMS = (Form.FENCE, Form.PREAMBLE, Form.QUOTES, Form.SPACING, Form.NUMBER_FORMAT, Form.CASE, Form.KEY_ORDER)
_ALL = frozenset(Form)
_ANYTHING: tuple[tuple[str, Any], ...] = (
    ("a value at the path", 1),
    ("null at the path", None),
    ("a list at the path", []),
)


@dataclass(frozen=True, slots=True)
class JsonPath:
    """Passes when the query finds what is wanted.

    Attributes:
        path: RFC 9535 query.
        want: What is wanted of it.
    """

    path: str
    want: Want

    polarity: ClassVar[Polarity] = Polarity.PRESENCE
    tolerates: ClassVar[tuple[Form, ...]] = _FORMS
    judges_refusal: ClassVar[bool] = False

    def look(self, reply: Reply, undo: frozenset[Form]) -> Look:
        """Read the reply; see `Instrument.look`."""
        value = json_of(reply.text, undo)
        if value is MISSING:
            return Look(None, "no JSON value")
        found = find_values(self.path, value)
        if found is None:
            return Look(None, "the query could not be run")
        look = self.want.judge(found, undo)
        return replace(look, answer=json_answer(found)) if found and look.value == 0.0 else look

    def seeded_faults(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return replies in which the value is another one, of another type, or gone."""
        value = json_of(reply.text, _ALL)
        faults = [fault("prose for JSON", reply, "I looked it up and will send it later."), unrelated(reply)]
        nodes = None if value is MISSING else find_nodes(self.path, value)
        places = [node.location for node in nodes or ()]
        if places:
            gone = _changed(value, places, MISSING)
            faults.append(fault("value gone", reply, json.dumps(gone, ensure_ascii=False)))
            if not isinstance(self.want, Exists):
                for name, other in self.want.others():
                    text = json.dumps(_changed(value, places, other), ensure_ascii=False)
                    faults.append(fault(name, reply, text))
        elif isinstance(self.want, Exists) and not self.want.wanted:
            faults += [fault(name, reply, json.dumps(made)) for name, made in self._with(value, _ANYTHING)]
        faults.append(fault("empty object", reply, "{}"))
        return tuple(faults)

    def planted(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return replies with what is wanted at the path, for a negated check, where the path is plain enough."""
        if isinstance(self.want, Exists) and not self.want.wanted:
            return tuple(fault(f"nothing at the path ({text})", reply, text) for text in ("{}", "[]", '{"other_": 1}'))
        value = json_of(reply.text, _ALL)
        wanted = (
            _ANYTHING if isinstance(self.want, Exists) else tuple(("the forbidden value", v) for v in self.want.right)
        )
        alone = [*self._with(None, wanted)]
        texts = [(name, json.dumps(root, ensure_ascii=False)) for name, root in self._with(value, wanted)]
        texts += [(f"{name}, alone", json.dumps(root, ensure_ascii=False)) for name, root in alone]
        texts += [(f"{name}, alone and indented", json.dumps(root, indent=2)) for name, root in alone]
        return tuple(fault(name, reply, text) for name, text in texts)

    def _with(self, value: Any, wanted: tuple[tuple[str, Any], ...]) -> Iterator[tuple[str, Any]]:
        """Yield JSON values with something at the path, where it is plain enough to be walked backwards."""
        steps = plain_names(self.path)
        if steps is None:
            return
        for name, found in wanted:
            root = copy.deepcopy(value) if isinstance(value, dict) else {}
            parent = root
            for step in steps[:-1]:
                if not isinstance(parent.get(step), dict):
                    parent[step] = {}
                parent = parent[step]
            parent[steps[-1]] = found
            yield name, root


def _changed(value: Any, places: list[tuple[int | str, ...]], other: Any) -> Any:
    """Return a copy of a JSON value with `other` at the places, or with the places gone."""
    root = {"$": copy.deepcopy(value)}
    for place in sorted(places, key=lambda steps: (len(steps), str(steps)), reverse=True):
        parent: Any = root
        for step in ("$", *place)[:-1]:
            parent = parent[step]
        last = place[-1] if place else "$"
        if other is not MISSING:
            parent[last] = other
        elif isinstance(parent, dict):
            parent.pop(last, None)
        else:
            parent[int(last)] = None
    return root.get("$")


_WANTS = ("equals", "number", "one_of", "exists")


def _build(argument: Any, options: Mapping[str, Any]) -> JsonPath:
    if not isinstance(argument, str) or not argument:
        raise misused("json_path", "needs a path", argument, "write an RFC 9535 query, for example `$.total`")
    query("json_path", argument)
    wanted = [name for name in _WANTS if name in options]
    if len(wanted) > 1:
        raise misused(
            "json_path", "takes only one of `equals`, `number`, `one_of`, `exists`", wanted, "leave the others out"
        )
    if ("abs" in options or "rel" in options) and wanted != ["number"]:
        raise misused("json_path", "takes `abs` and `rel` only beside `number`", dict(options), "add `number: …`")
    return JsonPath(argument, _want(wanted[0] if wanted else "exists", options))


def _want(name: str, options: Mapping[str, Any]) -> Want:
    match name:
        case "equals":
            return Equal(options["equals"])
        case "number":
            return NumberIs(
                expected_number("json_path", options["number"]),
                share_of("json_path", "abs", options.get("abs", 0)),
                share_of("json_path", "rel", options.get("rel", 0)),
            )
        case "one_of":
            if not isinstance(options["one_of"], list | tuple) or not options["one_of"]:
                raise misused(
                    "json_path", "`one_of` needs a list", options["one_of"], "write `one_of: [first, second]`"
                )
            return OneOf(tuple(options["one_of"]))
        case _:
            return Exists(flag_of("json_path", "exists", options.get("exists", True)))


TYPES = (
    CheckType(
        "json_path",
        "What this RFC 9535 query finds in the reply is as wanted.",
        {"type": "string", "minLength": 1},
        _build,
        {
            "equals": {},
            "number": SCHEMA_NUMBER,
            "one_of": {"type": ["array", "string"]},
            "exists": SCHEMA_FLAG,
            "abs": SCHEMA_NUMBER,
            "rel": SCHEMA_NUMBER,
        },
    ),
)
