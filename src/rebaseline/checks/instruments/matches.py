"""`matches`: the reply matches an RE2 pattern."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from rebaseline.checks.faults import dressed, fault, foil
from rebaseline.checks.forms import candidates, folded, is_worded
from rebaseline.checks.kind import SCHEMA_FLAG, CheckType, flag_of, misused, shown
from rebaseline.checks.patterns import as_searchable, compiled
from rebaseline.checks.specimen import text_matching
from rebaseline.domain.attempt import Reply
from rebaseline.domain.form import Form
from rebaseline.domain.instrument import Look, Polarity, SeededFault

__all__ = ["TYPES", "Matches"]

_ANY_PLACE = (Form.CASE, Form.QUOTES, Form.SPACING, Form.EMPHASIS, Form.LATEX)
_WHOLE = (Form.FENCE, Form.PREAMBLE, *_ANY_PLACE, Form.PUNCTUATION, Form.SENTENCE)
_SPACES = re.compile(r"\\[sSbBAznrtv]")
_EVERY = "".join(map(chr, range(0x20, 0x7F)))
_NO_PREAMBLE = frozenset({Form.PREAMBLE, Form.PUNCTUATION, Form.SENTENCE})


@dataclass(frozen=True, slots=True)
class Matches:
    """Passes when the pattern matches somewhere in the reply, or the whole of it.

    Attributes:
        pattern: RE2 syntax.
        full: The whole reply must match, white space at its ends left out.
    """

    pattern: str
    full: bool = False

    polarity: ClassVar[Polarity] = Polarity.PRESENCE
    judges_refusal: ClassVar[bool] = False

    @property
    def tolerates(self) -> tuple[Form, ...]:
        """More forms stand between a reply and a pattern that must match all of it."""
        return _WHOLE if self.full else _ANY_PLACE

    def look(self, reply: Reply, undo: frozenset[Form]) -> Look:
        """Read the reply; see `Instrument.look`."""
        if self._fits(reply.text, any_case=False):
            return Look(1.0)
        if undo:
            wanted = undo if self.full else undo - _NO_PREAMBLE
            any_case = Form.CASE in undo
            level = undo - {Form.CASE}
            for text in candidates(reply.text, wanted):
                for typed in (False, True):
                    if self._fits(folded(text, level, typed=typed), any_case=any_case):
                        return Look(1.0)
                    if text.isascii() or not is_worded(_SPACES.sub("", self.pattern)):
                        break
        return Look(0.0, f"no match in {shown(reply.text, 40)}")

    def _fits(self, text: str, *, any_case: bool) -> bool:
        compiled_pattern = compiled("matches", self.pattern, any_case=any_case)
        text = as_searchable(text).strip()
        return bool(compiled_pattern.fullmatch(text) if self.full else compiled_pattern.search(text))

    def seeded_faults(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return an empty reply, and others that lack the match or hold what it may forbid.

        What a pattern must object to cannot be made up for sure. `Bounded` leaves out those that it takes; only a
        pattern that takes all of them is shown dead.
        """
        pattern = compiled("matches", self.pattern, any_case=True)
        text = as_searchable(reply.text).strip()
        return (
            fault("nothing said", reply, ""),
            fault("match taken out", reply, pattern.sub("…", text) or "…"),
            fault("marks only", reply, foil([*"abcdefghijklmnopqrstuvwxyz0123456789"])),
            fault("every character there is", reply, f"{text} {_EVERY}"),
            fault("far too long", reply, _EVERY * 50),
        )

    def planted(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return replies that match, for a negated check; none where the pattern cannot be walked backwards."""
        text = text_matching(self.pattern)
        if text is None or not self._fits(text, any_case=False):
            return ()
        alone = dressed("a match", reply, text)
        if self.full:
            return alone
        return (fault("a match at the end", reply, f"{reply.text}\n{text}"), *alone)


def _build(argument: Any, options: Mapping[str, Any]) -> Matches:
    if not isinstance(argument, str) or not argument:
        raise misused("matches", "needs a pattern", argument, "write an RE2 pattern as one text")
    compiled("matches", argument)
    return Matches(argument, full=flag_of("matches", "full", options.get("full", False)))


TYPES = (
    CheckType(
        "matches",
        "The reply matches this RE2 pattern.",
        {"type": "string", "minLength": 1},
        _build,
        {"full": SCHEMA_FLAG},
    ),
)
