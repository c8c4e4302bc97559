"""Mutations of form: the same substance in another dress. One function each; the decorator says to which claims."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from random import Random
from typing import Any

from mutations_base import Item, Trait, form
from mutations_wordings import ANNOUNCEMENTS, CLOSINGS, LABELS, OF_CODE, REFUSALS, SENTENCES

from rebaseline.domain.attempt import Stop, ToolCall
from rebaseline.domain.form import Form

__all__: list[str] = []

T = Trait
F = Form
ANSWERS = (T.BARE, T.HELD, T.JSON, T.SOURCE)
TEXTS = (*ANSWERS, T.ABSENT, T.NO_CALL, T.ENGAGES)
ALL = (*TEXTS, T.OPENING, T.DECLINES, T.CALLS, T.LONG, T.SHORT, T.BOXED, T.VALUE)


def _fenced(item: Item, tag: str, marks: str = "```") -> str:
    return f"{marks}{tag}\n{item.text.strip()}\n{marks}"


def _has_fence(item: Item) -> bool:
    return "```" in item.text or not item.text.strip()


@form(*TEXTS, T.OPENING, T.LONG, T.SHORT, T.BOXED, forms=(F.FENCE,))
def fence(item: Item, _rng: Random) -> Item | None:
    """Put the reply in a fence without a language."""
    return None if _has_fence(item) else item.says(_fenced(item, ""))


@form(*TEXTS, T.OPENING, T.LONG, T.SHORT, forms=(F.FENCE,))
def fence_with_language(item: Item, rng: Random) -> Item | None:
    """Put it in a fence with one."""
    tag = item.language or rng.choice(("text", "plaintext", "markdown"))
    return None if _has_fence(item) else item.says(_fenced(item, tag))


@form(*ANSWERS, forms=(F.FENCE,))
def fence_in_capitals(item: Item, _rng: Random) -> Item | None:
    """Put it in a fence whose language is in capitals."""
    return None if _has_fence(item) else item.says(_fenced(item, (item.language or "text").upper()))


@form(*ANSWERS, forms=(F.FENCE,))
def fence_of_tildes(item: Item, _rng: Random) -> Item | None:
    """Put it in a fence of tildes."""
    return None if _has_fence(item) else item.says(_fenced(item, item.language, "~~~"))


@form(*ANSWERS, forms=(F.FENCE,))
def fence_left_open(item: Item, _rng: Random) -> Item | None:
    """Open a fence that a stop sequence ate the end of."""
    return None if _has_fence(item) else item.says(f"```{item.language}\n{item.text.strip()}\n")


@form(T.BARE, T.JSON, forms=(F.FENCE,))
def fence_on_one_line(item: Item, _rng: Random) -> Item | None:
    """Put it in a fence on one line."""
    return None if _has_fence(item) or "\n" in item.text else item.says(f"```{item.language} {item.text.strip()}```")


@form(*TEXTS, T.BOXED, forms=(F.FENCE, F.PREAMBLE))
def fence_announced(item: Item, rng: Random) -> Item | None:
    """Announce the reply, and put it in a fence."""
    lead = rng.choice(OF_CODE if item.language else ANNOUNCEMENTS)
    return None if _has_fence(item) else item.says(f"{lead}\n\n{_fenced(item, item.language)}")


@form(*ANSWERS, forms=(F.FENCE, F.PREAMBLE))
def fence_announced_and_explained(item: Item, rng: Random) -> Item | None:
    """Announce it, put it in a fence, and say something after it."""
    if _has_fence(item):
        return None
    lead, close = rng.choice(OF_CODE if item.language else ANNOUNCEMENTS), rng.choice(CLOSINGS)
    return item.says(f"{lead}\n\n{_fenced(item, item.language)}\n\n{close}")


@form(T.JSON, T.SOURCE, forms=(F.FENCE, F.PREAMBLE))
def fence_under_a_heading(item: Item, _rng: Random) -> Item | None:
    """Put a heading over the fence, and a note under it."""
    return (
        None if _has_fence(item) else item.says(f"### Output\n\n{_fenced(item, item.language)}\n\n**Note:** as asked.")
    )


@form(*TEXTS, T.BOXED, forms=(F.PREAMBLE,))
def announced(item: Item, rng: Random) -> Item | None:
    """Announce the reply on a line of its own."""
    lead = rng.choice(OF_CODE if item.language else ANNOUNCEMENTS)
    return item.says(f"{lead}\n\n{item.text.strip()}")


@form(*ANSWERS, never_on=(T.SOURCE,), forms=(F.PREAMBLE,))
def announced_on_its_line(item: Item, rng: Random) -> Item | None:
    """Announce it on the same line."""
    if "\n" in item.text.strip():
        return None
    return item.says(f"{rng.choice(OF_CODE if item.language else ANNOUNCEMENTS)} {item.text.strip()}")


@form(*TEXTS, T.LONG, T.OPENING, T.DECLINES, forms=(F.PREAMBLE,))
def closed_politely(item: Item, rng: Random) -> Item | None:
    """Say something polite after it."""
    return item.says(f"{item.text.strip()}\n\n{rng.choice(CLOSINGS)}") if item.text.strip() else None


@form(T.BARE, T.HELD, T.JSON, T.ABSENT, T.BOXED, forms=(F.PREAMBLE,))
def labelled(item: Item, rng: Random) -> Item | None:
    """Put a label before it."""
    return item.says(rng.choice(LABELS).format(item.text.strip()))


@form(T.BARE, forms=(F.SENTENCE,))
def in_a_sentence(item: Item, rng: Random) -> Item | None:
    """Put the bare answer in a sentence."""
    text = item.text.strip()
    return item.says(rng.choice(SENTENCES).format(text))


@form(T.BARE, forms=(F.PUNCTUATION,))
def full_stop(item: Item, _rng: Random) -> Item | None:
    """End it with a full stop."""
    return None if item.text.rstrip().endswith(".") else item.says(item.text.strip() + ".")


@form(T.BARE, never_on=(T.NUMBER,), forms=(F.PUNCTUATION,))
def exclamation(item: Item, _rng: Random) -> Item | None:
    """End it with an exclamation mark."""
    return item.says(item.text.strip().rstrip(".") + "!")


@form(T.BARE, forms=(F.QUOTES,))
def quoted(item: Item, rng: Random) -> Item | None:
    """Put it in quotation marks or brackets."""
    marks = ('"{}"', "'{}'", "\u201c{}\u201d", "\u2018{}\u2019", "\u00ab{}\u00bb", "\u201e{}\u201c", "[{}]", "({})")
    return item.says(rng.choice(marks).format(item.text.strip()))


@form(T.BARE, forms=(F.QUOTES, F.PUNCTUATION))
def quoted_with_full_stop(item: Item, rng: Random) -> Item | None:
    """Put it in quotation marks, with a full stop inside or behind."""
    return item.says(rng.choice(('"{}."', '"{}".')).format(item.text.strip()))


@form(T.PROSE, T.OPENING, T.LONG, T.SHORT, T.DECLINES, T.HELD, forms=(F.QUOTES,))
def typographic_quotes(item: Item, _rng: Random) -> Item | None:
    """Set apostrophes and quotation marks as a printer would."""
    if item.text.lstrip()[:1] in "{[":
        return None
    text = re.sub(r"(?<=\w)'(?=\w)", "\u2019", item.text)
    return item.says(re.sub(r'"([^"\n]*)"', "\u201c\\1\u201d", text))


@form(T.PROSE, T.LONG, T.SHORT, T.DECLINES, forms=(F.QUOTES,))
def typographic_dashes(item: Item, _rng: Random) -> Item | None:
    """Set hyphens between words as the unbreakable ones that some models use."""
    if item.text.lstrip()[:1] in "{[":
        return None
    return item.says(re.sub(r"(?<=[A-Za-z])-(?=[A-Za-z])", "\u2011", item.text))


def _cased(item: Item, text: str, wanted: str) -> Item | None:
    return None if item.text.lstrip()[:1] in "{[" and item.language == "json" else item.says(text, wanted)


@form(T.CASED, T.ABSENT, T.ENGAGES, T.LONG, T.SHORT, T.DECLINES, forms=(F.CASE,))
def upper_case(item: Item, _rng: Random) -> Item | None:
    """Write everything in capitals."""
    return _cased(item, item.text.upper(), item.wanted.upper())


@form(T.CASED, T.ABSENT, T.ENGAGES, T.LONG, T.SHORT, T.DECLINES, forms=(F.CASE,))
def lower_case(item: Item, _rng: Random) -> Item | None:
    """Write everything in small letters."""
    return _cased(item, item.text.lower(), item.wanted.lower())


@form(T.CASED, T.ABSENT, forms=(F.CASE,))
def title_case(item: Item, _rng: Random) -> Item | None:
    """Begin every word with a capital."""
    return _cased(item, item.text.title(), item.wanted.title())


MARKS = ("**{}**", "*{}*", "__{}__", "_{}_", "`{}`", "***{}***")


@form(T.BARE, forms=(F.EMPHASIS,))
def emphasis(item: Item, rng: Random) -> Item | None:
    """Emphasise the bare answer."""
    return item.says(rng.choice(MARKS).format(item.text.strip()))


@form(T.BARE, forms=(F.EMPHASIS,))
def heading(item: Item, rng: Random) -> Item | None:
    """Make a heading of it."""
    return item.says(f"{'#' * rng.randint(1, 4)} {item.text.strip()}")


@form(T.HELD, T.OPENING, forms=(F.EMPHASIS,))
def value_emphasised(item: Item, rng: Random) -> Item | None:
    """Emphasise the value where it stands."""
    return _in_place(item, rng.choice(MARKS[:4]).format(item.wanted))


@form(T.HELD, T.OPENING, never_on=(T.NUMBER,), forms=(F.EMPHASIS,))
def word_of_the_value_emphasised(item: Item, _rng: Random) -> Item | None:
    """Emphasise the last word of the value."""
    first, space, last = item.wanted.rpartition(" ")
    return _in_place(item, f"{first}{space}**{last}**") if space else None


def _in_place(item: Item, dressed: str) -> Item | None:
    """Dress the value where it stands; inside JSON that would break it."""
    if not item.wanted or (item.text.lstrip()[:1] in "{[" and item.language == "json"):
        return None
    pattern = re.compile(rf"(?<![\w*_`$.,]){re.escape(item.wanted)}(?![\w*_`])")
    return item.says(pattern.sub(lambda _: dressed, item.text))


@form(T.PROSE, T.DECLINES, T.LONG, forms=(F.EMPHASIS,))
def first_sentence_bold(item: Item, _rng: Random) -> Item | None:
    """Print the first sentence in bold."""
    first = re.match(r"\s*([A-Z][^\n.!?*]{3,200}[.!?])(?=\s|$)", item.text)
    return None if first is None else item.says(f"**{first[1]}**{item.text[first.end() :]}")


@form(T.BARE, forms=(F.LATEX,))
def latex(item: Item, rng: Random) -> Item | None:
    """Set it in LaTeX."""
    text = item.text.strip()
    ways = (
        "$\\boxed{{{}}}$",
        "\\boxed{{{}}}",
        "\\(\\boxed{{{}}}\\)",
        "$\\text{{{}}}$",
        "\\[\\boxed{{\\text{{{}}}}}\\]",
    )
    return item.says(rng.choice(ways).format(text))


@form(T.BARE, T.HELD, forms=(F.LATEX,))
def dollars(item: Item, _rng: Random) -> Item | None:
    """Put the value between dollars, as in a formula."""
    return _in_place(item, f"${item.wanted}$")


@form(T.BOXED, forms=(F.LATEX,))
def box_in_dollars(item: Item, _rng: Random) -> Item | None:
    """Put the box between dollars, with a full stop behind it."""
    return item.says(re.sub(r"\\boxed\{(\d+)\}\.?", lambda box: f"$\\boxed{{{box[1]}}}$.", item.text))


@form(T.BOXED, forms=(F.LATEX,))
def text_in_the_box(item: Item, _rng: Random) -> Item | None:
    r"""Put `\text` into the box."""
    return item.says(re.sub(r"\\boxed\{(\d+)\}", lambda box: f"\\boxed{{\\text{{{box[1]}}}}}", item.text))


@form(T.HELD, T.OPENING, T.ENGAGES, T.DECLINES, T.LONG, T.SHORT, T.ABSENT, forms=(F.SPACING,))
def unbreakable_spaces(item: Item, rng: Random) -> Item | None:
    """Put unbreakable or thin spaces between words."""
    space = rng.choice("\u00a0\u202f\u2009")
    if item.language == "json":
        return None
    return item.says(re.sub(r"(?<=\w) (?=\w)", space, item.text))


@form(T.HELD, T.OPENING, T.ENGAGES, T.DECLINES, T.LONG, T.SHORT, T.ABSENT, forms=(F.SPACING,))
def doubled_spaces(item: Item, _rng: Random) -> Item | None:
    """Double the spaces between words."""
    return None if item.language == "json" else item.says(re.sub(r"(?<=\w) (?=\w)", "  ", item.text))


@form(T.HELD, T.OPENING, T.ENGAGES, T.DECLINES, T.LONG, T.SHORT, T.ABSENT, forms=(F.SPACING,))
def wrapped_lines(item: Item, rng: Random) -> Item | None:
    """Wrap lines between words."""
    if item.language == "json" or "```" in item.text:
        return None
    return item.says(re.sub(r"(?<=\w) (?=\w)", lambda _: rng.choice((" ", "\n")), item.text))


@form(T.BARE, T.HELD, T.OPENING, T.ENGAGES, T.DECLINES, T.LONG, T.SHORT, never_on=(T.NUMBER,), forms=(F.SPACING,))
def invisible_characters(item: Item, rng: Random) -> Item | None:
    """Put in a zero-width space or a soft hyphen, as copied text has them."""
    if item.language == "json" or len(item.text) < 3:
        return None
    place = rng.randrange(1, min(len(item.text), 40))
    return item.says(item.text[:place] + rng.choice("\u200b\u00ad\u2060") + item.text[place:])


@form(*ANSWERS, T.OPENING, T.DECLINES, T.LONG, T.SHORT)
def blank_lines_around(item: Item, _rng: Random) -> Item | None:
    """Put blank lines before it and behind it: no form, since white space at the ends never means anything."""
    return item.says(f"\n\n{item.text}\n\n\n") if item.text else None


def _number(item: Item) -> int | None:
    return int(item.wanted) if item.wanted.isdigit() and not item.language else None


def _formatted(item: Item, text: str) -> Item | None:
    """Write the number otherwise, where it is the whole reply, in its box, or in its place."""
    if item.text.strip() == item.wanted:
        return item.says(text)
    if "boxed" in item.text:
        return item.says(item.text.replace(f"\\boxed{{{item.wanted}}}", f"\\boxed{{{text}}}"))
    return _in_place(item, text)


@form(T.NUMBER, forms=(F.NUMBER_FORMAT,))
def grouped_digits(item: Item, rng: Random) -> Item | None:
    """Group the digits, the English way or by spaces."""
    number = _number(item)
    if number is None or number < 1000:
        return None
    return _formatted(item, f"{number:,}".replace(",", rng.choice((",", ",", " ", "\u202f", "\u2019"))))


@form(T.NUMBER, never_on=(T.HELD,), forms=(F.NUMBER_FORMAT,))
def decimals_of_the_continent(item: Item, _rng: Random) -> Item | None:
    """Write `1.380,00`, which can be read one way only."""
    number = _number(item)
    if number is None:
        return None
    return _formatted(item, f"{number:,}".replace(",", ".") + ",00")


@form(T.NUMBER, never_on=(T.HELD,))
def decimals(item: Item, rng: Random) -> Item | None:
    """Write two decimals, or one: still a plain number."""
    number = _number(item)
    return None if number is None else _formatted(item, f"{number:.{rng.choice('12')}f}")


@form(T.NUMBER, never_on=(T.HELD,), forms=(F.NUMBER_FORMAT,))
def currency(item: Item, rng: Random) -> Item | None:
    """Put a currency before the number or behind it."""
    ways = ("${}", "€{}", "{} €", "EUR {}", "{} EUR", "{} USD", "{} dollars", "{}€", "US${}", "£{}")
    return None if _number(item) is None else _formatted(item, rng.choice(ways).format(item.wanted))


@form(T.NUMBER, never_on=(T.HELD,), forms=(F.NUMBER_FORMAT,))
def currency_and_grouping(item: Item, rng: Random) -> Item | None:
    """Put a currency at a grouped number with decimals."""
    number = _number(item)
    ways = ("${:,.2f}", "€{:,.2f}", "{:,.2f} EUR", "USD {:,.2f}", "{:,.2f} dollars")
    return None if number is None else _formatted(item, rng.choice(ways).format(number))


@form(T.BARE, never_on=(T.NUMBER,), forms=(F.EMPHASIS,))
def bullet(item: Item, rng: Random) -> Item | None:
    """Make a list of one of it."""
    return None if item.wanted.isdigit() else item.says(f"{rng.choice('-*•')} {item.text.strip()}")


@form(T.BARE, never_on=(T.NUMBER,), forms=(F.EMPHASIS,))
def numbered(item: Item, rng: Random) -> Item | None:
    """Make a numbered list of one of it."""
    return None if item.wanted[:1].isdigit() else item.says(f"1{rng.choice('.)')} {item.text.strip()}")


@form(T.PROSE, T.LONG, T.SHORT)
def other_bullets(item: Item, rng: Random) -> Item | None:
    """Mark the items of its lists otherwise."""
    found = re.search(r"(?m)^ {0,3}([-*+•]|\d{1,2}\.) ", item.text)
    if found is None:
        return None
    mark = rng.choice([mark for mark in ("-", "*", "+", "•", "1)") if mark != found[1]])
    return item.says(re.sub(r"(?m)^( {0,3})(?:[-*+•]|\d{1,2}\.) ", rf"\g<1>{mark} ", item.text))


def _value_of(item: Item) -> Any:
    try:
        return json.loads(item.text)
    except ValueError:
        return None


@form(T.JSON, forms=(F.KEY_ORDER,))
def other_key_order(item: Item, _rng: Random) -> Item | None:
    """Write the keys the other way round."""
    value = _value_of(item)
    if not isinstance(value, dict) or len(value) < 2:
        return None
    return item.says(json.dumps(dict(reversed(value.items())), ensure_ascii=False))


@form(T.JSON)
def indented(item: Item, rng: Random) -> Item | None:
    """Indent the JSON."""
    value = _value_of(item)
    return None if value is None else item.says(json.dumps(value, indent=rng.choice((2, 4, "\t")), ensure_ascii=False))


@form(T.JSON)
def minified(item: Item, _rng: Random) -> Item | None:
    """Take every space out of the JSON."""
    value = _value_of(item)
    return None if value is None else item.says(json.dumps(value, separators=(",", ":")))


@form(T.JSON)
def number_with_decimals(item: Item, _rng: Random) -> Item | None:
    """Write the amount with decimals, as a number of JSON."""
    return item.says(re.sub(r'("total": ?\d+)(?=\s*[,}])', r"\1.0", item.text))


@form(T.FIELD, forms=(F.QUOTES,))
def amount_in_quotes(item: Item, _rng: Random) -> Item | None:
    """Write the amount as a text."""
    return item.says(re.sub(r'("total": ?)(\d+)(?=\s*[,}])', r'\1"\2"', item.text))


@form(T.FIELD, forms=(F.QUOTES, F.NUMBER_FORMAT))
def amount_formatted(item: Item, rng: Random) -> Item | None:
    """Write the amount as a text with a currency and decimals."""
    way = rng.choice(("{:,.2f}", "${:,.2f}", "{:,.2f} EUR", "{:,}"))
    written = re.compile(r'("total": ?)(\d+)(?=\s*[,}])')
    return item.says(written.sub(lambda found: f'{found[1]}"{way.format(int(found[2]))}"', item.text))


@form(T.FIELD, forms=(F.CASE,))
def currency_in_small_letters(item: Item, _rng: Random) -> Item | None:
    """Write the currency in small letters."""
    return item.says(re.sub(r'("currency": ?)"([A-Z]+)"', lambda found: f'{found[1]}"{found[2].lower()}"', item.text))


@form(T.CALLS)
def arguments_written_otherwise(item: Item, rng: Random) -> Item | None:
    """Write the arguments of the call in another order and with other spaces."""
    made = []
    for call in item.calls:
        value = dict(reversed(json.loads(call.arguments).items()))
        text = json.dumps(value, indent=2) if rng.random() < 0.5 else json.dumps(value, separators=(",", ":"))
        made.append(ToolCall(call.name, text))
    return replace(item, calls=tuple(made))


@form(T.CALLS)
def words_beside_the_call(item: Item, _rng: Random) -> Item | None:
    """Say something beside the call."""
    return item.says("I will record the invoice now.")


@form(T.CALLS)
def another_call_before(item: Item, _rng: Random) -> Item | None:
    """Look something up first."""
    return replace(item, calls=(ToolCall("look_up_supplier", '{"name": "any"}'), *item.calls))


def _reworded(family: str) -> Any:
    def reword(item: Item, rng: Random) -> Item | None:
        return item.says(rng.choice(REFUSALS[family]))

    reword.__name__ = f"refusal {family}"
    return form(T.DECLINES)(reword)


for _family in REFUSALS:
    _reworded(_family)


@form(*ALL)
def parameter_rejected(item: Item, _rng: Random) -> Item | None:
    """Have the provider take the request no more."""
    return replace(item, rejected=True)


@form(*ALL)
def cut(item: Item, rng: Random) -> Item | None:
    """Cut it at a limit, and have the provider say so."""
    text = item.text.rstrip()
    kept = text[: max(1, int(len(text) * rng.uniform(0.3, 0.9)))] if text else text
    return replace(item, text=kept, stop=Stop.CUT)


@form(*ALL)
def cut_at_the_start(item: Item, _rng: Random) -> Item | None:
    """Cut it after a few characters, as where all tokens went into reasoning."""
    return replace(item, text=item.text[:3], stop=Stop.CUT)
