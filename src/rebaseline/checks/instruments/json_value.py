"""`json`: the reply is this JSON value. A strict reading minds the order of keys; `key_order` undoes that."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from rebaseline.checks.faults import dressed, fault, unrelated
from rebaseline.checks.kind import CheckType, misused
from rebaseline.checks.structure import MISSING, json_answer, json_of, parse_json, same_json
from rebaseline.domain.attempt import Reply
from rebaseline.domain.form import Form
from rebaseline.domain.instrument import Look, Polarity, SeededFault

__all__ = ["TYPES", "JsonValue"]


@dataclass(frozen=True, slots=True)
class JsonValue:
    """Passes when the reply, read as JSON, equals the expected value.

    Attributes:
        expected: The value.
    """

    expected: Any

    polarity: ClassVar[Polarity] = Polarity.PRESENCE
    tolerates: ClassVar[tuple[Form, ...]] = (Form.FENCE, Form.PREAMBLE, Form.KEY_ORDER)
    judges_refusal: ClassVar[bool] = False

    def look(self, reply: Reply, undo: frozenset[Form]) -> Look:
        """Read the reply; see `Instrument.look`. What is no JSON fails, since that is claimed."""
        value = json_of(reply.text, undo)
        if value is MISSING:
            return Look(0.0, "no JSON value")
        right = same_json(value, self.expected, ordered=Form.KEY_ORDER not in undo)
        return Look(1.0) if right else Look(0.0, "another JSON value", answer=json_answer(value))

    def seeded_faults(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return replies that hold another value, or broken JSON."""
        text = json.dumps(self.expected, ensure_ascii=False)
        return (
            fault("broken JSON", reply, text[:-1] + "\x00" if len(text) > 1 else "}"),
            fault("value in a list", reply, f"[{text}]"),
            fault("value under a key", reply, f'{{"value": {text}}}'),
            unrelated(reply),
        )

    def planted(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return replies that are the value, for a negated check."""
        text = json.dumps(self.expected, ensure_ascii=False)
        indented = json.dumps(self.expected, indent=4)
        return (*dressed("the forbidden value", reply, text), fault("the forbidden value, indented", reply, indented))


def _build(argument: Any, _options: Mapping[str, Any]) -> JsonValue:
    try:
        value = parse_json(json.dumps(argument))
    except (TypeError, ValueError, RecursionError):
        value = MISSING
    if value is MISSING:
        raise misused(
            "json", "needs a JSON value", argument, "write it as YAML: mapping, list, text, number, true, false, null"
        )
    return JsonValue(value)


TYPES = (CheckType("json", "The reply is this JSON value.", {}, _build),)
