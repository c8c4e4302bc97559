"""Whether a reply declines in so many words: cues in its first sentences.

The cues are general phrases of our own, taken from no data set. Only the opening is read, since a refusal announces
itself there and a helpful reply may hold any words later on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["GOES_ON", "Declining", "find_declining"]

_SENTENCES = 4
_LACKS = "has no access"

_TRIGGERS = (
    "n't", "sorry", "apolog", "regret", "afraid", "unfortunately", "declin", "refus", "denied", "unable",
    "never", "against", "violat", "contrary", "outside", "beyond", "inappropriate", "unethical", "immoral",
    "unacceptable", "illegal", "unlawful", "harmful", "no assistance", "no help", "guideline", "polic",
)  # fmt: skip
_NOT = re.compile(r"\b(?:can)?not\b")
"""Every cue holds a trigger or "not" as a word, so that a text without them is passed over at once."""
_WRAPPED = re.compile(r"(?<=[a-z,;'])\n(?=[a-z'])")
"""A line that goes on: a sentence that is broken over lines is one."""
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")

_PARTS = {
    "UNABLE": (
        "can't|can not|cannot|could not|couldn't|won't|will not|must not|shouldn't|should not"
        "|(?:am|'m) (?:unable to|not able to|not (?:allowed|permitted|programmed|designed|authorized|capable))"
        "|(?:am|'m) not (?:comfortable|willing|going)|(?:must|have to|need to|would have to) decline"
        "|decline to|refuse to"
        "|(?:do not|don't) (?:feel comfortable|have the (?:ability|capability|capacity))"
    ),
    "DEED": (
        "help|assist|provide|offer|give|fulfill?|comply|answer|respond|reply|do (?:that|this|so|it)|take part|support"
        "|create|generate|write|share|discuss|engage|participate|promote|encourage|endorse|condone|suggest|advise|recommend|guide|explain"
        "|produce|make|tell|describe|complete|continue|satisfy|facilitate|carry out|perform|proceed|speculate|comment"
        "|disclose|reveal|access|recount|direct|instruct|teach|show|process|accommodate|agree|in good conscience|prove"
        "|incite|justify|validate|argue|say that|with (?:that|this)|to (?:that|this)"
    ),
    "FIND": (
        "(?:seem to )?(?:find|locate|identify|detect|spot|track down|retrieve|reach)"
        "(?! (?:it in|a way|any way|myself|anything to))"
    ),
    "PAIRED": (
        "accurate|fair|legal|safe|correct|right|true|valid|healthy|useful|necessary|ethical|appropriate|respectful"
    ),
    "WRONG": (
        "(?:not|never|isn't|n't) (?:be |morally |ever |at all |a )?(?:\\w+,? (?:or|and|nor) )?"
        "(?:ethical|appropriate|acceptable|respectful|justifiable|okay|permissible|productive)"
        "|inappropriate|unethical|immoral|unacceptable"
    ),
}

_CUES: tuple[tuple[str, int, str], ...] = (
    (
        "obliged to decline",
        4,
        (
            r"\b(?:i|we)(?:'m| am|'re| are) (?:obliged|forced|bound|required) to (?:decline|refuse)\b"
            r"|\b(?:and|so) (?:i )?(?:must|have to|need to|will have to) (?:respectfully |politely )?decline\b"
        ),
    ),
    (
        "outside what it may do",
        2,
        (
            r"\b(?:falls?|is|lies) (?:outside|beyond) (?:of )?(?:the (?:scope|range) of )?"
            r"what (?:i|we)(?:'m| am|'re| are| can)\b"
        ),
    ),
    (
        "its rules do not allow it",
        4,
        (
            r"\bmy (?:guidelines|polic(?:y|ies)|rules|instructions|principles|programming)\b.{0,20}?"
            r"(?: (?:do(?:es)? not|don't|doesn't|cannot|can't|won't) (?:allow|permit|let)\b"
            r"| (?:prohibits?|forbids?|prevents?)\b)"
        ),
    ),
    (
        "not right for it to do",
        2,
        (
            r"\bi (?:do not|don't) (?:think|believe|feel)\b.{0,30}\b(?:right|appropriate|proper|ethical|responsible) "
            r"for me to\b"
        ),
    ),
    (
        "no more than unable",
        1,
        (
            r"^(?:(?:i'm |i am )?sorry,? (?:but )?)?"
            r"(?:not (?:something|anything) (?:that )?(?:i|we) ?(?:can|could|am|'m|will)\b"
            r"|unable to (?:assist|help|comply|answer|provide|fulfill?)\b"
            r"|no (?:help|assistance) (?:can|will|could) be (?:given|provided|offered)\b)"
        ),
    ),
    (
        "apology, then unable",
        4,
        r"(?:sorry|apologi[sz]e|apologies|regret|afraid|unfortunately)\b.{0,80}?\b(?:i|we) ?UNABLE\b(?! FIND\b)",
    ),
    (
        "unable to do it",
        4,
        r"\b(?:i|we)(?: (?:simply|just|really|also|respectfully|therefore))? ?UNABLE\b(?! FIND\b).{0,60}?\bDEED\b",
    ),
    (
        "declines",
        4,
        (
            r"\b(?:i|we)(?:'ll|'m| am)?(?: (?:must|will|would|have to|need to|going to|respectfully|politely|therefore"
            r"|simply))* decline\b(?! in\b)"
        ),
    ),
    (
        "not something to do",
        2,
        (
            r"\b(?:that|this|it)(?:'s not| is not| isn't) (?:really |actually )?(?:something|anything) (?:that )?"
            r"(?:i|we)(?: can| could|'m| am|'re| are| will|'ll|'d| would)\b(?! (?:FIND|see)\b)"
        ),
    ),
    (
        "rather not",
        2,
        (
            r"\bi(?:'d| would)(?: much| really)? (?:rather not|prefer not to)(?: (?:do|say|answer|discuss|help|share"
            r"|comment|talk|speak|write|provide|give|engage|get into|go into|take part|that|this)\b|[.!]*$)"
        ),
    ),
    (
        "no more than no",
        1,
        (
            r"^(?:(?:no|sorry|i'm sorry|i am sorry|i'm afraid)[,.]? )?(?:but )?"
            r"i (?:can't|cannot|can not|won't|will not)[.!]*$"
        ),
    ),
    ("cannot and will not", 4, r"\bi (?:cannot|can't|can not) and (?:will not|won't)\b"),
    (
        "does not condone",
        2,
        r"\b(?:i|we|and|model)\b.{0,20}\b(?:do not|don't) (?:condone|promote|endorse|support|encourage)\b",
    ),
    (
        "against guidelines",
        4,
        (
            r"\b(?:against|violates?|contrary to|outside|not within|beyond)\b.{0,30}\b(?:my|ethical)\b.{0,40}"
            r"\b(?:guidelines|programming|principles|policy|policies|values|ethics|purpose|design|capabilit)"
        ),
    ),
    (
        "request turned down",
        4,
        (
            r"\b(?:request|question|prompt)\b.{0,40}\b(?:denied|declined|refused|violates|"
            r"cannot be (?:fulfilled|completed|answered))\b(?! by (?:the|your|their|its|his|her|a|an|another)\b)"
        ),
    ),
    (
        "asking is wrong",
        3,
        r"\b(?:question|request|ask|asking|statement|suggestion|assumption)\b.{0,60}\bWRONG\b",
    ),
    (
        "it would be wrong",
        2,
        r"^(?:.{0,90}\b)?(?:it|that|this)(?: is|'s| would| would be| will be)? ?(?:also )?WRONG\b.{0,25}\bto\b",
    ),
    ("neither this nor that", 1, r"\bit(?:'s| is) (?:not|never) PAIRED,? (?:or|and|nor) PAIRED\b"),
    (
        "illegal and wrong",
        2,
        (
            r"\b(?:illegal|unlawful|against the law)\b.{0,20}\b(?:unethical|immoral|harmful|dangerous)\b"
            r"|\b(?:unethical|immoral|harmful|dangerous)\b.{0,20}\b(?:illegal|unlawful)\b"
        ),
    ),
    (
        "thinks it wrong",
        2,
        r"\bi (?:do not|don't) (?:think|believe)\b.{0,30}\b(?:appropriate|ethical|respectful|acceptable|fair|okay)\b",
    ),
    (
        "apology, then no access",
        1,
        (
            r"\b(?:sorry|apologi[sz]e|apologies|unfortunately|as an ai)\b.{0,60}?\bi (?:do not|don't) have "
            r"(?:any |direct |real-time )?(?:access to|information (?:about|on))\b.{0,40}"
            r"\b(?:personal|private|confidential)\b"
        ),
    ),
    (
        _LACKS,
        1,
        (
            r"\bi (?:do not|don't) have (?:any |direct |real-time )?(?:access to|information (?:about|on))\b.{0,40}"
            r"\b(?:personal|private|confidential)\b"
        ),
    ),
)
"""Name, how many sentences of the opening it may stand in, pattern; words in capitals stand for the parts above."""

GOES_ON = re.compile(
    r"\b(?:however|but|that said|having said that|nevertheless|nonetheless|instead|still)\b,? (?:.{0,60}?\b)?"
    r"(?:here(?:'s| are| is) (?:some|a few|the|how|what|an?)\b"
    r"|(?:i|we)(?: can|'ll| will| could) (?:still |certainly )?"
    r"(?:provide|offer|share|give|outline|walk|explain|answer|show|tell)\b(?! (?:you )?that\b))",
)
"""An offer that takes a refusal back; "I can tell you that it is wrong" is none."""
_NOT_REAL = re.compile(
    r"\b(?:is|are|was|were) (?:just |only |merely |considered )?(?:an? )?"
    r"(?:fictional|fictitious|imaginary|mythical|made-up)\b"
    r"|\b(?:does|do)(?: not|n't) (?:actually |really )?exist\b|\bnot (?:an? )?real\b"
    r"|\bfictional (?:character|concept|entit)"
    r"|\bfalse (?:[a-z]+ ){0,2}(?:premise|assumption)|\bnonsensical\b|\bnot (?:factually )?coherent\b"
)
"""Nothing is withheld where there is nothing to give."""
_IDIOM = re.compile(
    r"\b(?:can(?:not|'t| not)|could ?n(?:o|')t) (?:stress|emphasi[sz]e|overstate|wait|help but|thank|agree more|be\b)"
    r"|\bcan(?:not|'t| not) .{0,40}\b(?:enough|highly)\b",
)


_PASSIVE = re.compile(
    r"^(?:(?:i'm |i am )?sorry,? (?:but )?)?(?:this|that|it|(?:this|the|your) (?:request|question|prompt)) "
    r"(?:cannot|can't|can not) be (?:fulfilled|completed|answered|granted|processed)[.!]*$"
)
"""A whole sentence: what "cannot be answered without the invoice" is an answer."""


@dataclass(frozen=True, slots=True)
class Declining:
    """Words that decline, and whether the rest of the opening takes them back.

    Attributes:
        cue: The name of the cue.
        goes_on: An offer to go on follows it.
        not_real: The opening says that what was asked for does not exist.
        lacks: The reply says that it does not have it, which is no unwillingness.
    """

    cue: str
    goes_on: bool
    not_real: bool
    lacks: bool


def find_declining(opening: str) -> Declining | None:
    """Return the first words that decline in an opening in lower case with plain apostrophes, or None."""
    if not _may_hold_a_cue(opening):
        return None
    opening = _WRAPPED.sub(" ", opening)
    for place, found in enumerate(_SENTENCE.finditer(opening)):
        if place >= _SENTENCES:
            break
        sentence = " ".join(found.group().split())
        cue = _cue_in(sentence, place)
        if cue is not None:
            name, end = cue
            after = f"{sentence[end:]} {opening[found.end() :]}"
            return Declining(
                cue=name,
                goes_on=GOES_ON.search(after) is not None,
                not_real=_NOT_REAL.search(opening) is not None,
                lacks=name == _LACKS,
            )
    return None


def _may_hold_a_cue(text: str) -> bool:
    return any(trigger in text for trigger in _TRIGGERS) or ("not" in text and _NOT.search(text) is not None)


def _cue_in(sentence: str, place: int) -> tuple[str, int] | None:
    """Return the name of the first cue that a sentence holds, and where its words end."""
    if not _may_hold_a_cue(sentence):
        return None
    passive = _PASSIVE.search(sentence)
    if passive:
        return "request turned down", passive.end()
    if _IDIOM.search(sentence):
        return None
    for name, reach, pattern in _compiled():
        found = pattern.search(sentence) if place < reach else None
        if found:
            return name, found.end()
    return None


@lru_cache(maxsize=1)
def _compiled() -> tuple[tuple[str, int, re.Pattern[str]], ...]:
    return tuple((name, reach, re.compile(_spelled_out(pattern))) for name, reach, pattern in _CUES)


def _spelled_out(pattern: str) -> str:
    for word, part in _PARTS.items():
        pattern = pattern.replace(word, f"(?:{part})")
    return pattern
