"""Short plain words for figures, verdicts and readings; and the one place that makes untrusted text fit to print."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence

from rebaseline.domain.comparison import RuleChange
from rebaseline.domain.evidence import Evidence
from rebaseline.domain.form import FORM_WORDS, Form, FormEffect
from rebaseline.domain.reading import Assumption, Reading, Valued, Void
from rebaseline.domain.suite import Bar, Never, NoWorse
from rebaseline.domain.verdict import Inconclusive, Invalid, Reason, Unsettled

__all__ = [
    "WIDTH",
    "answer_words",
    "count_of",
    "dollars",
    "figure",
    "form_words",
    "invalid_words",
    "more_words",
    "number_of",
    "one_line",
    "percent",
    "printable",
    "reading_words",
    "reply_words",
    "rule_words",
    "seen_words",
    "standing_words",
    "unsettled_words",
    "void_cause",
    "void_words",
    "wrapped",
]

WIDTH = 110
"""Most columns of a line."""

_ELLIPSIS = "…"
_MOST_MORE = 10_000
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_BREAKS = {"\n": " ", "\r": " ", "\t": " "}


def one_line(text: str, limit: int = 100) -> str:
    """Return untrusted text as one printable line: no escape sequences, no bidirectional overrides, no surrogates.

    Args:
        text: Any text, of any length; only its start is looked at.
        limit: Longest result, in characters.
    """
    start = text[: 4 * limit]
    line = " ".join("".join(map(_shown, start)).split())
    if len(line) <= limit and len(start) == len(text):
        return line
    return line[: limit - 1].rstrip() + _ELLIPSIS


def dollars(usd: float) -> str:
    """Return an amount, with as many digits as say something.

    >>> dollars(11.8), dollars(0.0042), dollars(0.0)
    ('$11.80', '$0.0042', '$0')
    """
    if usd == 0 or usd >= 0.1:  # noqa: PLR2004 - cents say enough
        return f"${usd:,.2f}" if usd else "$0"
    return f"${usd:.2g}" if usd >= 1e-4 else "under $0.0001"  # noqa: PLR2004 - no exponents on a screen


def printable(text: str) -> str:
    """Return a text of several lines, such as an error that quotes a file, without anything that is not printable."""
    return "\n".join("".join(map(_shown, line)) for line in text.split("\n"))


def _shown(char: str) -> str:
    return _BREAKS.get(char, "" if unicodedata.category(char) in _UNPRINTABLE else char)


def wrapped(label: str, text: str) -> list[str]:
    """Return a label and its text in lines of at most `WIDTH` columns, the further ones under the first."""
    lines = textwrap.wrap(text, WIDTH - len(label), break_on_hyphens=False) or [""]
    return [label + lines[0], *(" " * len(label) + line for line in lines[1:])]


def figure(value: float | None) -> str:
    """Return a share as people write many of them: .82; `no figure` where there is none; never all of what is not."""
    if value is None:
        return "no figure"
    text = f"{value:.2f}"
    if text == "0.00" and value > 0:
        return "under .01"
    if text == "1.00" and value < 1:
        return "over .99"
    return text.removeprefix("0") if value < 1 else text.rstrip("0").rstrip(".") + ".0"


def percent(value: float) -> str:
    """Return a share in per cent: at most one decimal, and never 0 for what is not."""
    scaled = 100.0 * value
    if 0.0 < scaled < 0.05:  # noqa: PLR2004 - less than what one decimal shows
        return "under 0.1 %"
    if 99.95 <= scaled < 100.0:  # noqa: PLR2004 - the same at the other end
        return "over 99.9 %"
    text = f"{scaled:.1f}".removesuffix(".0")
    return f"{text} %"


def count_of(part: int, whole: int) -> str:
    """Return "12 of 60" with thousands set apart."""
    return f"{part:,} of {whole:,}"


def number_of(count: int, what: str) -> str:
    """Return "1 reply" or "1,200 probes": the number with what is counted, named in the singular."""
    several = f"{what[:-1]}ies" if what.endswith("y") else f"{what}s"
    return f"{count:,} {what if count == 1 else several}"


def standing_words(evidence: Evidence, bar: Bar, *, old: Evidence | None) -> str:
    """Return where the replies stand against the bar: `.18, bar .90 (was .99)`."""
    match bar:
        case Never(ceiling=ceiling):
            most = percent(1.0 - evidence.bounds[0])
            verb = "violates" if evidence.violations == 1 else "violate"
            seen = f"{count_of(evidence.violations, evidence.replies)} {verb} it, at most {most} do"
            return f"{seen}; never (ceiling {percent(ceiling)})"
        case NoWorse(margin=margin):
            return f"{_pair_words(evidence)}; no worse by {figure(margin)}"
        case _:
            was = "" if old is None or old.low.mean is None else f" (was {_span(old)})"
            return f"{_span(evidence)}, bar {figure(evidence.theta)}{was}"


def _span(evidence: Evidence) -> str:
    """Return the mean, or both ends of what it may be where voids leave it open."""
    low, high = evidence.low.mean, evidence.high.mean
    if low is None or high is None or figure(low) == figure(high):
        return figure(low)
    return f"{figure(low)} to {figure(high)}"


def _pair_words(evidence: Evidence) -> str:
    if evidence.low.mean is None or evidence.high.mean is None:
        return "no pairs with the baseline"
    ends = [2.0 * mean - 1.0 for mean in (evidence.low.mean, evidence.high.mean)]
    low, high = (f"{'+' if end > 0 else '-' if end < 0 else ''}{figure(abs(end))}" for end in ends)
    return f"change {low}" if low == high else f"change {low} to {high}"


def invalid_words(verdict: Invalid, evidence: Evidence) -> str:
    """Return why an assertion is invalid: `49 of 60 void: fence`."""
    if not verdict.straddles:
        return "; ".join(reason_words(reason) for reason in verdict.reasons)
    several = len(verdict.reasons) > 1
    causes = ", ".join(
        f"{reason.replies:,} {reason_words(reason)}" if several else reason_words(reason) for reason in verdict.reasons
    )
    return f"{count_of(evidence.void_count, evidence.replies)} void: {causes}"


def form_words(forms: Sequence[Form]) -> str:
    """Return forms as they stand in a question: `a fence or a preamble`."""
    return " or ".join(FORM_WORDS[form] for form in forms)


def answer_words(forms: Sequence[Form]) -> tuple[str, str]:
    """Return both answers to the question whether forms are undone, as they are written under an assertion."""
    undone, breaks = (
        f"consumer: {{{', '.join(f'{form}: {effect}' for form in forms)}}}"
        for effect in (FormEffect.UNDONE, FormEffect.BREAKS)
    )
    return undone, breaks


_BROKEN = {
    Assumption.ACCEPTED: "request no longer accepted",
    Assumption.COMPLETE: "reply cut or of unknown ending",
    Assumption.ENGAGED: "refused or empty",
    Assumption.READABLE: "nothing there that the check reads",
    Assumption.FORM: "form changed",
    Assumption.AGREEMENT: "a second reading or a person contradicts",
    Assumption.CONTROLS: "controls",
    Assumption.ALIVE: "not alive",
    Assumption.ANCHORS: "anchors",
    Assumption.FRESH: "reference out of date",
    Assumption.DELIVERED: "no reply",
    Assumption.JUDGED: "not judged yet",
    Assumption.KEPT: "purged",
}


def reason_words(reason: Reason) -> str:
    """Return one reason in words."""
    name = ", ".join(form.replace("_", " ") for form in reason.forms) or _BROKEN[reason.broken]
    if reason.detail:
        return f"{name}: {one_line(reason.detail, 160)}"
    return name


def reading_words(reading: Reading | None) -> str:
    """Return what a check made of one reply."""
    match reading:
        case None:
            return "not asked"
        case Valued(value=value, note=note):
            outcome = "pass" if value >= 1 else "fail" if value <= 0 else f"score {figure(value)}"
            return f"{outcome} ({one_line(note, 80)})" if note else outcome
        case Void(broken=broken, forms=forms, note=note):
            cause = ", ".join(forms) or _BROKEN[broken]
            return f"void: {cause}" + (f" ({one_line(note, 80)})" if note and not forms else "")


def void_cause(broken: Assumption | None, forms: Sequence[Form]) -> str:
    """Return why replies are void: the forms that changed, or the assumption that does not hold."""
    if broken is None:
        return "no reason known"
    named = ", ".join(form.replace("_", " ") for form in forms)
    return f"{_BROKEN[broken]}: {named}" if broken is Assumption.FORM and named else _BROKEN[broken]


def more_words(needed: int) -> str:
    """Return how many more replies; a number that nobody would ask for only says that the rate sits on its bar."""
    if needed > _MOST_MORE:
        return f"over {_MOST_MORE:,} more replies"
    return f"about {needed:,} more {'reply' if needed == 1 else 'replies'}"


def void_words(evidence: Evidence) -> str:
    """Return what made replies void: `50 (form changed)`."""
    if not evidence.voids:
        return "none"
    return ", ".join(f"{count} ({void_cause(name, evidence.void_forms)})" for name, count in evidence.voids.items())


def seen_words(verdict: Inconclusive) -> str:
    """Return what the replies would have shown, where nothing was; empty where that is not known."""
    if verdict.why is not Unsettled.NO_ALARM or verdict.would_have_seen is None:
        return ""
    return f"a rate of {figure(verdict.would_have_seen)} would have raised an alarm"


def rule_words(change: RuleChange) -> str:
    """Return a changed rule with its direction; of two fingerprints only that they differ."""
    if not change.direction and change.what not in {"bar", "probes"}:
        return f"{change.what} changed"
    name = "" if change.what == "bar" else f"{change.what}: "  # a bar says what it is
    return f"{name}{change.old} -> {change.new}" + (f" ({change.direction})" if change.direction else "")


def reply_words(text: str, limit: int) -> str:
    """Return the start of a reply on one line; one without anything to print says so."""
    return one_line(text, limit) or ("(nothing printable)" if text.strip() else "(empty)")


def _void_causes(evidence: Evidence) -> str:
    causes = sorted(evidence.voids.items(), key=lambda item: -item[1])
    return ", ".join(f"{count:,} {_BROKEN[broken]}" for broken, count in causes)


def _possible_words(evidence: Evidence | None) -> str:
    if evidence is None:
        return "no violation seen, but void replies may be one"
    causes = _void_causes(evidence) or "in a round that is not complete"
    only_refused = set(evidence.voids) == {Assumption.ENGAGED}
    remedy = "say `on_refusal: pass` if a refusal is none" if only_refused else "settle them, or mend the check"
    return f"no violation seen, but {evidence.possible_violations:,} void replies may be one ({causes}): {remedy}"


_WAITING = {
    Unsettled.ANCHORS: "its judge has not read all of its anchors yet: `rebaseline judge`",
    Unsettled.ARM: "the claim is met; its arm has not shown enough yet",
}


def unsettled_words(verdict: Inconclusive, evidence: Evidence | None = None) -> str:
    """Return what would settle an inconclusive verdict; with the evidence, which voids stand in the way."""
    more = more_words(verdict.needed) if verdict.needed else ""  # 0: shown once, and no longer so
    if verdict.why in _WAITING:
        return _WAITING[verdict.why]
    match verdict.why:
        case Unsettled.NO_ALARM:
            return "no alarm" + (f"; {more} would show the bar" if more else "")
        case Unsettled.SUSPECTED:
            return "suspected below its bar" + (f"; {more}" if more else "")
        case Unsettled.TOO_FEW:
            return more or "too few replies"
        case Unsettled.VOIDS:
            return "hangs on its void replies" + ("" if evidence is None else f" ({_void_causes(evidence)})")
        case _:
            return _possible_words(evidence)
