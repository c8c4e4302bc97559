"""`choice`: which one of the options the reply picks.

A pick is the whole reply or its opening label: `B`, `(B)`, `B.`, `(A). People …`, `Approve: …`. A reply that also names
another option is unreadable, since it cannot be told which one it means. Inside prose nothing is picked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from rebaseline.checks.faults import dressed, fault, unrelated
from rebaseline.checks.forms import candidates, folded
from rebaseline.checks.kind import SCHEMA_TEXT, CheckType, misused, shown, text_of, texts_of
from rebaseline.domain.attempt import Reply
from rebaseline.domain.form import Form
from rebaseline.domain.instrument import Look, Polarity, SeededFault

__all__ = ["TYPES", "Choice"]

_FORMS = (
    Form.FENCE, Form.PREAMBLE, Form.CASE, Form.QUOTES, Form.SPACING, Form.EMPHASIS, Form.PUNCTUATION, Form.LATEX,
    Form.SENTENCE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """Passes when the reply picks the expected option, or any where none is expected.

    Attributes:
        options: The options, as the prompt names them.
        expected: The right one; None when it is enough to pick one.
    """

    options: tuple[str, ...]
    expected: str | None = None

    polarity: ClassVar[Polarity] = Polarity.PRESENCE
    tolerates: ClassVar[tuple[Form, ...]] = _FORMS
    judges_refusal: ClassVar[bool] = False

    def look(self, reply: Reply, undo: frozenset[Form]) -> Look:
        """Read the reply; see `Instrument.look`."""
        picked, several = _pick(reply.text, self.options)
        if picked is None and undo:
            picks = {option for text in candidates(reply.text, undo) if (option := self._bare(text, undo)) is not None}
            if len(picks) == 1 and not (several and Form.PREAMBLE not in undo):
                return self._judge(picks.pop())
        if picked is not None:
            return self._judge(picked)
        if several:
            return Look(None, f"names more than one option: {shown(reply.text, 60)}")
        missing = f"picks no option: {shown(reply.text, 60)}"
        return Look(0.0 if self.expected is None else None, missing)

    def _judge(self, picked: str) -> Look:
        return Look(1.0 if self.expected in (None, picked) else 0.0, f"picks {shown(picked, 40)}", answer=picked)

    def _bare(self, text: str, undo: frozenset[Form]) -> str | None:
        """Return the option that a candidate picks. Case is undone only of a bare option: `a` is a word too."""
        picked, _ = _pick(text, self.options)
        if picked is not None:
            return picked
        level = undo & {Form.CASE, Form.QUOTES, Form.SPACING}
        wanted = folded(text.strip("()[]."), level)
        matching = [option for option in self.options if folded(option, level) == wanted]
        return matching[0] if len(matching) == 1 else None

    def seeded_faults(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return replies that pick another option, two, or none."""
        others = [option for option in self.options if option != self.expected]
        right = self.expected or self.options[0]
        other = others[-1]
        faults = [fault("two options", reply, f"({right}) or ({other})"), unrelated(reply, self.options)]
        if self.expected is not None:
            faults.append(fault("another option", reply, f"({other})"))
            faults.append(fault("another option, bare", reply, others[0]))
        else:
            faults.append(fault("options left open", reply, "It depends on how one looks at it, and on whom one asks."))
        return tuple(faults)

    def planted(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return replies that pick the option, for a negated check."""
        option = self.expected or self.options[0]
        return (fault("the forbidden option, in brackets", reply, f"({option})"),
                *dressed("the forbidden option", reply, option))  # fmt: skip


def _pick(text: str, options: tuple[str, ...]) -> tuple[str | None, bool]:
    """Return the option that opens a text, and whether more than one is named."""
    body = text.strip()
    if body in options:
        return body, False
    opening, bracketed, mentioned = _patterns(options)
    first = opening.match(body)
    if first is None:
        return None, len(set(bracketed.findall(body))) > 1
    picked = first[1] or first[2]
    named = {match[1] or match[2] or match[3] for match in mentioned.finditer(body, first.end())}
    return (None, True) if named - {picked} else (picked, False)


@lru_cache(maxsize=256)
def _patterns(options: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of an opening label, a label in brackets, and a label anywhere behind the opening."""
    one = "|".join(re.escape(option) for option in sorted(options, key=len, reverse=True))
    in_brackets = rf"[(\[]({one})[)\]]"
    opening = re.compile(rf"(?:{in_brackets}|({one})(?:[.):](?=\s|$)|\s*$|\s*\n|\s+[-\u2013\u2014](?=\s)))")
    on_a_line = rf"(?<=\n)({one})(?:[.):](?=\s|$)|(?=\n|$))"
    offered = rf"(?:(?<=\bor )|(?<=\band ))({one})(?!\w)"
    return opening, re.compile(in_brackets), re.compile(rf"{in_brackets}|{on_a_line}|{offered}")


def _build(argument: Any, options: Mapping[str, Any]) -> Choice:
    listed = argument.get("options") if isinstance(argument, Mapping) else argument
    if not isinstance(listed, list | tuple):
        raise misused("choice", "needs a list of options", argument, "write `choice: [A, B, C]`")
    names = tuple(dict.fromkeys(text.strip() for text in texts_of("choice", listed)))
    if len(names) < 2:  # noqa: PLR2004 - one option is no choice
        raise misused("choice", "needs two options or more", argument, "write `choice: [A, B, C]`")
    expected = options.get("equals", argument.get("equals") if isinstance(argument, Mapping) else None)
    if expected is None:
        return Choice(names)
    wanted = text_of("choice", expected).strip()
    bare = wanted if wanted in names else wanted.strip("()[]. ")
    if bare not in names:
        raise misused(
            "choice", f"option `equals` must be one of {', '.join(names)}", expected, "correct it, or the options"
        )
    return Choice(names, bare)


TYPES = (
    CheckType(
        "choice",
        "The reply picks one of these options, or the expected one.",
        {
            "anyOf": [
                {"type": "array", "minItems": 2, "items": SCHEMA_TEXT},
                {
                    "type": "object",
                    "required": ["options"],
                    "properties": {
                        "options": {"type": "array", "minItems": 2, "items": SCHEMA_TEXT},
                        "equals": SCHEMA_TEXT,
                    },
                    "additionalProperties": False,
                },
                {"type": "string"},
            ]
        },
        _build,
        {"equals": SCHEMA_TEXT},
    ),
)
