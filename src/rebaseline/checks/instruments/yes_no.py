"""`yes_no`: the reply answers yes, or no.

Without `brackets` the answer stands at the start of the reply, set off from what follows, or alone on the last line.
With `brackets: true` it is the last `[Yes]` or `[No]`. Upper and lower case never matter. A reply with both, or
neither, is unreadable.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from rebaseline.checks.faults import dressed, fault, unrelated
from rebaseline.checks.forms import candidates
from rebaseline.checks.kind import SCHEMA_FLAG, CheckType, flag_of, misused, shown
from rebaseline.domain.attempt import Reply
from rebaseline.domain.form import Form
from rebaseline.domain.instrument import Look, Polarity, SeededFault

__all__ = ["TYPES", "YesNo"]

_BRACKETED = re.compile(r"\[(yes|no)\]", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?]\s|\n")
_FIRST = re.compile(r"(yes|no)(?=\s*$|\s*[.,;:!\n\u2014\u2013]|\s+-)", re.IGNORECASE)
_LAST = re.compile(r"(?:answer[ \t]*:[ \t]*)?(yes|no)[.!]?", re.IGNORECASE)
_SAID = re.compile(
    r"(?:so,? |therefore,? )?(?:the|my) (?:final |short |correct )?answer is:? (yes|no)[.!]?", re.IGNORECASE
)
_WORDS = {"yes": True, "[yes]": True, "true": True, "no": False, "[no]": False, "false": False}
_FORMS = (Form.FENCE, Form.PREAMBLE, Form.QUOTES, Form.SPACING, Form.EMPHASIS, Form.LATEX, Form.SENTENCE)
_LONGEST_LINE = 200


@dataclass(frozen=True, slots=True)
class YesNo:
    """Passes when the reply's answer is the expected one.

    Attributes:
        expected: True for yes.
        brackets: The answer must stand in square brackets.
    """

    expected: bool
    brackets: bool = False

    polarity: ClassVar[Polarity] = Polarity.PRESENCE
    judges_refusal: ClassVar[bool] = False

    @property
    def tolerates(self) -> tuple[Form, ...]:
        """With brackets the place is named, so only marks inside them can hide the answer."""
        return (Form.EMPHASIS, Form.LATEX) if self.brackets else _FORMS

    def look(self, reply: Reply, undo: frozenset[Form]) -> Look:
        """Read the reply; see `Instrument.look`."""
        answers = self._answers(reply.text)
        if not answers and undo:
            for text in candidates(reply.text, undo):
                answers |= self._answers(text)
                if (
                    Form.SENTENCE in undo
                    and not self.brackets
                    and (said := _SAID.fullmatch(text[:_LONGEST_LINE].strip()))
                ):
                    answers |= {said[1].casefold()}
        if len(answers) != 1:
            return Look(None, "both yes and no" if answers else f"neither yes nor no: {shown(reply.text, 60)}")
        answer = answers.pop()
        return Look(1.0 if (answer == "yes") == self.expected else 0.0, f"read {answer}", answer=answer)

    def _answers(self, text: str) -> set[str]:
        return _bracketed(text) if self.brackets else _stated(text)

    def seeded_faults(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return replies that give the other answer, both, or none."""
        right, wrong = ("Yes", "No") if self.expected else ("No", "Yes")
        if self.brackets:
            right, wrong = f"[{right}]", f"[{wrong}]"
        return (
            fault("the other answer", reply, wrong),
            fault("both answers", reply, f"{right} or {wrong}" if self.brackets else f"{right}.\n{wrong}"),
            fault("the other answer, explained", reply, f"{wrong}, because that is how it is."),
            unrelated(reply, ["yes", "no"]),
        )

    def planted(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return replies that give the answer, for a negated check."""
        word = "Yes" if self.expected else "No"
        answer = f"[{word}]" if self.brackets else word
        return (fault("the forbidden answer, explained", reply, f"{answer}, because that is how it is."),
                *dressed("the forbidden answer", reply, answer))  # fmt: skip


def _bracketed(text: str) -> set[str]:
    """Return the answers in the last sentence that holds a bracketed one."""
    found = list(_BRACKETED.finditer(text))
    if not found:
        return set()
    answers = {found[-1][1].casefold()}
    for one, following in zip(reversed(found[:-1]), reversed(found), strict=False):
        if _SENTENCE_END.search(text, one.end(), following.start()):
            break
        answers.add(one[1].casefold())
    return answers


def _stated(text: str) -> set[str]:
    """Return the answers that open the reply or stand alone on its last line."""
    body = text.strip()
    first = _FIRST.match(body)
    last_line = body[body.rfind("\n") + 1 :]
    last = _LAST.fullmatch(last_line.strip()) if len(last_line) <= _LONGEST_LINE else None
    return {match[1].casefold() for match in (first, last) if match}


def _build(argument: Any, options: Mapping[str, Any]) -> YesNo:
    word = str(argument).strip().casefold()
    if word not in _WORDS:
        raise misused(
            "yes_no", "needs yes or no", argument, "write `yes_no: yes`, `yes_no: no` or a template that gives one"
        )
    return YesNo(_WORDS[word], flag_of("yes_no", "brackets", options.get("brackets", False)))


TYPES = (
    CheckType(
        "yes_no",
        "The reply answers yes, or no.",
        {"type": ["string", "boolean"]},
        _build,
        {"brackets": SCHEMA_FLAG},
    ),
)
