"""Named forms: ways in which a reply may carry the same substance and look different."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

__all__ = ["FORM_WORDS", "Form", "FormEffect"]


class Form(StrEnum):
    """A named difference of form that a tolerant reading can undo."""

    FENCE = "fence"
    """The answer stands in a Markdown code fence."""
    PREAMBLE = "preamble"
    """Text stands before or after the answer ("Sure! Here is …")."""
    CASE = "case"
    """Upper and lower case differ."""
    QUOTES = "quotes"
    """Quotation marks or brackets surround the answer, or typographic quotes stand for plain ones."""
    SPACING = "spacing"
    """White space differs: blank lines, doubled or unusual spaces."""
    EMPHASIS = "emphasis"
    """Markdown emphasis, headings, inline code marks or the mark of a list of one surround words."""
    PUNCTUATION = "punctuation"
    """A full stop or another mark ends the answer."""
    NUMBER_FORMAT = "number_format"
    """Digits are grouped, a currency sign or a unit is attached, or zeros trail."""
    LATEX = "latex"
    """LaTeX marks surround the answer: `$…$`, `\\boxed{…}`, `\\text{…}`."""
    KEY_ORDER = "key_order"
    """Keys of a JSON object stand in another order."""
    SENTENCE = "sentence"
    """A bare answer stands in a sentence: "The capital is Paris." for "Paris"."""


class FormEffect(StrEnum):
    """What the thing that reads the reply downstream does with a form."""

    UNDONE = "undone"
    """It undoes the form: the reply serves as if it had been bare."""
    BREAKS = "breaks"
    """It breaks on the form: the reply does not serve."""


FORM_WORDS: Mapping[Form, str] = {
    Form.FENCE: "a fence",
    Form.PREAMBLE: "a preamble",
    Form.CASE: "upper and lower case",
    Form.QUOTES: "quotes",
    Form.SPACING: "spacing",
    Form.EMPHASIS: "emphasis",
    Form.PUNCTUATION: "punctuation",
    Form.NUMBER_FORMAT: "a number format",
    Form.LATEX: "LaTeX marks",
    Form.KEY_ORDER: "an order of keys",
    Form.SENTENCE: "a sentence around the answer",
}
"""Forms as they stand in a question."""
