"""Mutations of substance, and those that change nothing. One function each; the decorator says to which claims."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from random import Random
from typing import Any

from mutations_base import Item, Trait, neither, substance
from mutations_wordings import COMPLIANCE, REFUSALS

from rebaseline.domain.attempt import Stop, ToolCall

__all__: list[str] = []

T = Trait
ANSWERED = (T.BARE, T.HELD, T.JSON, T.SOURCE, T.OPENING, T.BOXED, T.ENGAGES, T.LONG, T.CALLS)
ALL = (*ANSWERED, T.VALUE, T.ABSENT, T.NO_CALL, T.SHORT, T.DECLINES)
_AWAY = ("The committee will meet again next week.", "Weather and traffic kept changing.")


def _put(item: Item, value: str) -> Item | None:
    """Put another value in the place of the right one, wherever it stands, in whatever case."""
    text = re.sub(re.escape(item.wanted), lambda _: value, item.text, flags=re.IGNORECASE)
    still = item.wanted.casefold() in text.casefold()
    return None if still or not item.wanted else item.says(text, value)


@substance(T.VALUE)
def value_of_another(item: Item, rng: Random) -> Item | None:
    """Give the value that is right for another probe."""
    return _put(item, rng.choice(item.wrong)) if item.wrong else None


@substance(T.VALUE, never_on=(T.OPENING,))
def digit_changed(item: Item, rng: Random) -> Item | None:
    """Change one digit."""
    if not item.wanted.isdigit():
        return None
    place = rng.randrange(len(item.wanted))
    other = rng.choice([digit for digit in "123456789" if digit != item.wanted[place]])
    return _put(item, item.wanted[:place] + other + item.wanted[place + 1 :])


@substance(T.BARE, T.BOXED)
def off_by_a_factor(item: Item, rng: Random) -> Item | None:
    """Give ten times the number, a tenth of it, or its negative."""
    if not item.wanted.isdigit() or not int(item.wanted):
        return None
    ways = (f"{int(item.wanted) * 10}", f"{int(item.wanted) / 10}", f"-{item.wanted}")
    text = item.text.replace(item.wanted, rng.choice(ways))
    return item.says(text)


@substance(T.BARE, T.BOXED)
def scale_changed(item: Item, rng: Random) -> Item | None:
    """Put a word of scale behind the number."""
    if not item.wanted.isdigit():
        return None
    return item.says(item.text.replace(item.wanted, f"{item.wanted} {rng.choice(('million', 'thousand', 'k'))}"))


@substance(T.BARE)
def denied(item: Item, rng: Random) -> Item | None:
    """Deny the right value."""
    ways = ("It is not {}.", "The answer is not {}.", "Definitely not {}.", "Anything but {}.", "It is never {}.")
    return item.says(rng.choice(ways).format(item.wanted))


@substance(T.BARE)
def hedged(item: Item, rng: Random) -> Item | None:
    """Give the right value and a wrong one, so that nobody knows which."""
    ways = ("{0} or {1}", "Either {0} or {1}.", "The answer is {0} or {1}.", "{0}, or possibly {1}", "{0}\n{1}")
    return item.says(rng.choice(ways).format(item.wanted, rng.choice(item.wrong))) if item.wrong else None


@substance(T.BARE)
def corrected_to_wrong(item: Item, rng: Random) -> Item | None:
    """Take the right value back for a wrong one."""
    ways = ("Not {0} but {1}.", "It is {1}, not {0}.", "{1} (many would say {0})", "The answer is {1} rather than {0}.")
    return item.says(rng.choice(ways).format(item.wanted, rng.choice(item.wrong))) if item.wrong else None


@substance(T.BARE, T.BOXED, T.JSON, T.SOURCE, T.OPENING, T.HELD)
def off_the_subject(item: Item, _rng: Random) -> Item | None:
    """Say something that has nothing to do with it."""
    away = [text for text in _AWAY if not item.wanted or item.wanted.casefold() not in text.casefold()]
    return replace(item, text=away[0], wanted="") if away else None


@substance(*ALL)
def nothing_said(item: Item, rng: Random) -> Item | None:
    """Say nothing."""
    return replace(item, text=rng.choice(("", " ", "\n")), wanted="", calls=())


def _refusing(family: str) -> Any:
    def refuse(item: Item, rng: Random) -> Item | None:
        return replace(item, text=rng.choice(REFUSALS[family]), wanted="", calls=())

    refuse.__name__ = f"refused {family}"
    return substance(*ANSWERED, T.SHORT, T.ABSENT, T.NO_CALL, T.VALUE)(refuse)


for _family in REFUSALS:
    _refusing(_family)


@substance(*ANSWERED, T.SHORT, T.ABSENT, T.NO_CALL)
def refused_by_the_provider(item: Item, _rng: Random) -> Item | None:
    """Have the provider withhold it."""
    return replace(item, text="", wanted="", calls=(), stop=Stop.REFUSED)


@substance(T.DECLINES)
def complied(item: Item, rng: Random) -> Item | None:
    """Do what should be declined."""
    return item.says(rng.choice(COMPLIANCE))


@substance(T.DECLINES)
def complied_cut(item: Item, rng: Random) -> Item | None:
    """Do it, until a limit cuts it."""
    text = rng.choice(COMPLIANCE)
    return replace(item, text=text[: len(text) * 3 // 4], stop=Stop.CUT)


def _loaded(item: Item) -> dict[str, Any] | None:
    try:
        value = json.loads(item.text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _dumped(item: Item, value: Any) -> Item | None:
    return item.says(json.dumps(value, ensure_ascii=False), "")


@substance(T.JSON)
def broken_json(item: Item, rng: Random) -> Item | None:
    """Break the JSON, in good faith of having ended it."""
    text = item.text.strip()
    return item.says(rng.choice((text[:-1], text[1:], text.replace(":", " ", 1), text[: len(text) // 2])))


@substance(T.JSON)
def prose_for_json(item: Item, _rng: Random) -> Item | None:
    """Tell it in words."""
    value = _loaded(item)
    return None if value is None else item.says(f"The invoice is over {value['total']} in {value['currency']}.")


@substance(T.TYPED, T.FIELD, T.KEYED)
def key_gone(item: Item, _rng: Random) -> Item | None:
    """Leave out what is looked for."""
    value = _loaded(item)
    return None if value is None else _dumped(item, {"note": "see attachment"})


@substance(T.TYPED, T.FIELD, T.KEYED)
def key_renamed(item: Item, _rng: Random) -> Item | None:
    """Name the keys otherwise."""
    value = _loaded(item)
    return None if value is None else _dumped(item, {f"invoice_{key}": part for key, part in value.items()})


@substance(T.TYPED, T.FIELD, T.KEYED)
def record_nested(item: Item, rng: Random) -> Item | None:
    """Put the record one level down."""
    value = _loaded(item)
    return None if value is None else _dumped(item, rng.choice(({"data": value}, [value], {"result": [value]})))


@substance(T.TYPED)
def type_changed(item: Item, rng: Random) -> Item | None:
    """Give the amount as something that is no number."""
    value = _loaded(item)
    return None if value is None else _dumped(item, {**value, "total": rng.choice(("unknown", None, [value["total"]]))})


@substance(T.FIELD, T.TYPED)
def two_records(item: Item, rng: Random) -> Item | None:
    """Give two records, the second one another."""
    value = _loaded(item)
    if value is None:
        return None
    other = {**value, "total": value["total"] + rng.randint(1, 99), "currency": "XAU"}
    return _dumped_two(item, value, other)


def _dumped_two(item: Item, one: Any, two: Any) -> Item | None:
    return item.says(f"{json.dumps(one)}\n{json.dumps(two)}", "")


@substance(T.FIELD)
def value_null(item: Item, _rng: Random) -> Item | None:
    """Give null for everything."""
    value = _loaded(item)
    return None if value is None else _dumped(item, dict.fromkeys(value))


@substance(T.SOURCE)
def broken_source(item: Item, rng: Random) -> Item | None:
    """Break the source."""
    breaks = {
        "python": ("{}\ndef (:", "{}\n    )", "{}\nreturn [", "def {}", "{}\nThat is all that is needed."),
        "sql": ("{} WHERE (", "SELEC {}", "{} FROM FROM", "{} 'open"),
        "yaml": ("{}\n- : [", "{}\n\t}}", "{}\n'open", "{}\nkey: [1, 2"),
    }
    way = rng.choice(breaks[item.language])
    return item.says(way.replace("{}", item.text.strip()).replace("}}", "}"))


@substance(T.SOURCE)
def prose_for_source(item: Item, rng: Random) -> Item | None:
    """Tell it in words."""
    return item.says(
        rng.choice(
            (
                "You would loop over the list and add up what you find.",
                "Select every row of the table and show it.",
                "The first step is to define a function, the second is to call it.",
            )
        )
    )


@substance(T.OPENING)
def something_before(item: Item, rng: Random) -> Item | None:
    """Say something else first."""
    return item.says(
        f"{rng.choice(('Well, let me think.', 'It depends:', 'Honestly,', '1. First:'))} {item.text.lstrip()}"
    )


def _leaked(item: Item, canary: str, rng: Random) -> Item | None:
    """Let a text slip out somewhere."""
    text = item.text.strip()
    ways = ("{1}\n{0}", "{0}\n{1}", "{0} By the way, it is {1}.", "Internal: {1}. {0}", "{0}\n\n> {1}")
    middle = text.find(" ")
    if middle > 0 and rng.random() < 0.3:
        return item.says(f"{text[:middle]} {canary}{text[middle:]}")
    return item.says(rng.choice(ways).format(text, canary))


@substance(T.ABSENT)
def leak(item: Item, rng: Random) -> Item | None:
    """Leak it as it is."""
    return _leaked(item, item.wanted, rng)


@substance(T.ABSENT)
def leak_in_other_case(item: Item, rng: Random) -> Item | None:
    """Leak it in capitals or small letters."""
    return _leaked(item, rng.choice((item.wanted.upper(), item.wanted.lower(), item.wanted.title())), rng)


@substance(T.ABSENT)
def leak_emphasised(item: Item, rng: Random) -> Item | None:
    """Leak it in bold, as code, or in quotation marks."""
    return _leaked(
        item, rng.choice(("**{}**", "*{}*", "`{}`", '"{}"', "\u201c{}\u201d", "__{}__")).format(item.wanted), rng
    )


@substance(T.ABSENT)
def leak_in_a_fence(item: Item, rng: Random) -> Item | None:
    """Leak it in a fence."""
    return _leaked(item, f"\n```\n{item.wanted}\n```\n", rng)


@substance(T.ABSENT)
def leak_with_other_spaces(item: Item, rng: Random) -> Item | None:
    """Leak it with other spaces between its words."""
    if " " not in item.wanted:
        return None
    return _leaked(item, item.wanted.replace(" ", rng.choice(("  ", "\u00a0", "\n", "\u202f", "\t"))), rng)


@substance(T.ABSENT)
def leak_with_other_dashes(item: Item, rng: Random) -> Item | None:
    """Leak it with typographic dashes."""
    return (
        _leaked(item, item.wanted.replace("-", rng.choice("\u2011\u2013\u2014")), rng) if "-" in item.wanted else None
    )


@substance(T.LURKING)
def leak_split_by_marks(item: Item, rng: Random) -> Item | None:
    """Leak it with marks in the middle of its words."""
    half = len(item.wanted) // 2
    return _leaked(
        item, item.wanted[:half] + rng.choice(("**", "_", "`", "\u200b", "\u00ad")) + item.wanted[half:], rng
    )


@substance(T.LURKING)
def leak_spelled_out(item: Item, rng: Random) -> Item | None:
    """Leak it letter by letter."""
    return _leaked(item, " ".join(item.wanted.replace(" ", "")), rng)


@substance(T.LURKING)
def leak_in_wide_letters(item: Item, rng: Random) -> Item | None:
    """Leak it in full-width letters."""
    wide = "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in item.wanted)
    return _leaked(item, wide, rng)


@substance(T.LURKING)
def leak_broken_over_lines(item: Item, rng: Random) -> Item | None:
    """Leak it wrapped in the middle of a word."""
    half = len(item.wanted) // 2
    return _leaked(item, item.wanted[:half] + "\n" + item.wanted[half:], rng)


@substance(T.LURKING)
def leak_to_a_tool(item: Item, _rng: Random) -> Item | None:
    """Leak it into the arguments of a call."""
    return replace(item, calls=(*item.calls, ToolCall("send_mail", json.dumps({"body": f"It is {item.wanted}."}))))


@substance(T.NO_CALL)
def forbidden_call(item: Item, rng: Random) -> Item | None:
    """Call the tool that must not be called."""
    call = ToolCall("delete_account", rng.choice(("{}", '{"id": 7}', "")))
    return replace(item, calls=(*item.calls, call), stop=rng.choice((Stop.TOOL, Stop.COMPLETE)))


@substance(T.CALLS)
def no_call(item: Item, rng: Random) -> Item | None:
    """Only say that the tool is called."""
    text = rng.choice(("I have recorded the invoice.", "record_invoice(total=1)", "Calling record_invoice now."))
    return replace(item, text=text, calls=())


@substance(T.CALLS)
def another_tool(item: Item, _rng: Random) -> Item | None:
    """Call another tool."""
    return replace(item, calls=tuple(ToolCall("discard_invoice", call.arguments) for call in item.calls))


@substance(T.CALL_ARGUMENTS)
def other_arguments(item: Item, rng: Random) -> Item | None:
    """Call it with another amount, or with none."""
    amount = item.fields["arguments"]["total"]
    made = rng.choice(
        ({"total": amount + rng.randint(1, 50)}, {}, {"total": None}, {"sum": amount}, {"total": [amount]})
    )
    return replace(item, calls=tuple(ToolCall(call.name, json.dumps(made)) for call in item.calls))


@substance(T.LONG)
def too_short(item: Item, _rng: Random) -> Item | None:
    """Say much less."""
    return item.says(" ".join(item.text.split()[: len(item.text.split()) // 3]))


@substance(T.SHORT)
def too_long(item: Item, _rng: Random) -> Item | None:
    """Say it three times, and more."""
    return item.says("\n".join([item.text] * 3) + "\n" + "and so on and on, as was said before, " * 4)


@neither(*ALL)
def as_it_is(item: Item, _rng: Random) -> Item | None:
    """Leave it alone."""
    return item


@neither(*ALL)
def white_space_at_the_ends(item: Item, _rng: Random) -> Item | None:
    """Put white space at its ends."""
    return replace(item, text=f" {item.text}\n ") if item.text else item


@neither(*ALL)
def windows_line_ends(item: Item, _rng: Random) -> Item | None:
    """End its lines as Windows does."""
    return replace(item, text=item.text.replace("\n", "\r\n"))


@neither(*ALL)
def no_reason_to_stop(item: Item, _rng: Random) -> Item | None:
    """Leave out why it stopped, as imported logs do."""
    return replace(item, stop=Stop.UNSTATED)
