"""Undoing what stands around an answer: labels, politeness, a short sentence.

These come nearest to turning substance into form, so they work from lists of what is allowed and refuse on any sign of
doubt: a negation, a hedge, an alternative, a second clause, a second label.
"""

from __future__ import annotations

import re

__all__ = ["inside_sentence", "without_announcement", "without_preamble"]

_LONGEST = 20_000
_LONGEST_SENTENCE = 200
_MOST_WORDS = 25

_LABEL = re.compile(
    r"^[ \t]*(?:(?:so|therefore|thus|hence),?[ \t]+)?(?:(?:the|my)[ \t]+)?(?:(?:final|correct|short|best)[ \t]+)?"
    r"(?:answer|a|result|output|response|solution|translation|choice|label|verdict)(?:[ \t]+is)?"
    r"[ \t]{0,3}[:=](?P<rest>[^\n]*)$",
    re.IGNORECASE | re.MULTILINE,
)
_OPENER = re.compile(
    r"(?:(?:sure|certainly|of course|absolutely|okay|ok|understood|great|no problem|gladly)[ \t]{0,3}[!.,][ \t]{0,3})?"
    r"(?:(?:here(?:[\u2019']s| is| are| you go)|below is|below are|this is|the following is)\b[^\n:]{0,100}:|"
    r"(?:here you go|here it is)[ \t]{0,3}[:.!])",
    re.IGNORECASE,
)
_HEADED = re.compile(
    r"(?:(?:the|my)[ \t]+)?(?:(?:final|correct|short)[ \t]+)?"
    r"(?:answer|result|output|response|solution)[ \t]*\n\s*(?=\S)",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"(?P<lead>[^\n:\d*\"\u201c]{0,200}?\b(?:here(?:[\u2019']s| is| are| it is| you go)|below|the following|as follows"
    r"|as requested|(?:you|was) asked for|what you need)\b[^\n:\d*\"\u201c]{0,80}):(?=\s)",
    re.IGNORECASE,
)
_POLITE = re.compile(
    r"(?:sure|certainly|of course|absolutely|okay|ok|understood|gladly|no problem)[ \t]{0,3}[!.](?=\s)", re.IGNORECASE
)
_CLOSER = re.compile(
    r"\n[ \t]*\n[ \t]*(?:let me know|i hope (?:this|that|it)|hope (?:this|that) helps|feel free|please let me know|"
    r"if you (?:need|have|would like|want)|is there anything|would you like"
    r"|(?:please )?(?:don[\u2019']t|do not) hesitate|just let me know)[^\n]{0,300}\s*$",
    re.IGNORECASE,
)

_DOUBT = re.compile(
    r"\b(?:no|not|never|none|nor|neither|nobody|nothing|nowhere|hardly|rarely|barely|cannot|without|except|unless|"
    r"or|either|if|whether|may|might|could|would|should|maybe|perhaps|possibly|probably|likely|unlikely|seems?|"
    r"apparently|supposedly|allegedly|think|believe|guess|assume|suppose|unsure|uncertain|unclear|unknown|but|although|"
    r"though|however|instead|rather|formerly|previously|once|almost|nearly|about|around|approximately|roughly|"
    r"wrong|wrongly|false|falsely|incorrect|incorrectly|mistaken|mistakenly|worst|fake|fictional|hypothetical|"
    r"other than|than|less|more|at least|at most|over|under|between|both|and)\b|n[\u2019']t\b",
    re.IGNORECASE,
)
_ANSWER_LAST = re.compile(
    r"(?:(?:so|therefore|thus|hence|in short),? +)?"
    r"(?:(?:the|your|its|this|that|my|our|his|her|their) (?:[\w'\u2019()\-]+ ){0,14}?"
    r"|(?:it|that|this|he|she|answer|result) )"
    r"(?:is|are|equals|=|is equal to)(?: the)?:? (?P<answer>[^\n]+)",
    re.IGNORECASE,
)
_ITS = re.compile(r"(?:it|that|he|she|answer)[\u2019']s (?P<answer>[^\n]+)", re.IGNORECASE)
_CHOICE = re.compile(
    r"(?:i|we) (?:choose|pick|select|answer)(?: (?:the )?(?:option|answer|choice|label))?:? (?P<answer>[^\n]+)",
    re.IGNORECASE,
)
_ANSWER_FIRST = re.compile(
    r"(?P<answer>(?:[A-Z0-9][\w.'\u2019\-]*)(?: [\w.'\u2019\-]+){0,3}?) (?:is|are) (?:the|our|your|its) [^\n]+"
)
_WOULD_BE = re.compile(r"^(?:that|it)(?: would| will|[\u2019']d|[\u2019']ll) be ", re.IGNORECASE)
_LED_IN = re.compile(
    r"^(?:so|therefore|thus|hence|in short"
    r"|(?:based on|according to|judging by|going by|from) (?:the|this|your)(?: [\w'\u2019\-]+){0,3}? (?:text|document"
    r"|passage|context|information|data|table|invoice|bill|review|question|details|figures|input|message|e-?mail|image"
    r"|article|statement|description|prompt)(?: (?:given|provided|above|below|you (?:gave|provided|sent)))?), ",
    re.IGNORECASE,
)
_LOOKED_FOR = re.compile(r" (?:that )?(?:you|we)(?: are|[\u2019']re) (?:looking|asking) for\b", re.IGNORECASE)
_COPULA = re.compile(r"\b(?:is|are|equals|was|were|be)\b|=|[\u2019']s ", re.IGNORECASE)
_NAMED_OPTION = re.compile(r"^(?:option|choice|answer) (?=\S+$)", re.IGNORECASE)


def without_preamble(text: str) -> str:
    """Return the answer of a text that says in so many words where it stands, else the text.

    Understood are one labelled line (`Answer: X`), an opening that announces (`Sure! Here is the code:`) and what is
    said after it, and a polite last paragraph (`Let me know if …`). Reasoning is never searched for an answer.
    """
    if len(text) > _LONGEST:
        return text
    body = _CLOSER.sub("", text.strip(), count=1)
    labels = list(_LABEL.finditer(body))
    if len(labels) == 1:
        return _labelled(body, labels[0]) or text
    return text if labels else without_announcement(text)


def without_announcement(text: str) -> str:
    """Return a text without an opening that announces it and without a polite last paragraph; labels stay.

    For source text, in which `result = 1` is no label.
    """
    if len(text) > _LONGEST:
        return text
    body = _CLOSER.sub("", text.strip(), count=1)
    opener = _OPENER.match(body) or _lead(body) or _POLITE.match(body) or _HEADED.match(body)
    if opener:
        body = body[opener.end() :].strip()
    return body or text


def _lead(body: str) -> re.Match[str] | None:
    """Return an opening line that announces in other words, unless there is any doubt in it."""
    found = _LEAD.match(body)
    return None if found is None or _DOUBT.search(found["lead"]) else found


def _labelled(body: str, label: re.Match[str]) -> str:
    """Return what a label points at: the rest of its line, or what follows where the line ends with the label."""
    rest = label["rest"].strip()
    if rest and not rest.strip("*_ "):
        rest = ""
    return rest or body[label.end() :].strip()


def inside_sentence(text: str) -> tuple[str, ...]:
    """Return what may be the bare answer in one short, plain sentence; nothing where there is any doubt.

    "The capital is Paris." gives "Paris", and so does "Paris is the capital." "The capital is not Paris.", "It is
    either Paris or Lyon" and "Is it Paris?" give nothing.
    """
    sentence = _LOOKED_FOR.sub("", _WOULD_BE.sub("It is ", _LED_IN.sub("", text.strip()[: 2 * _LONGEST_SENTENCE])))
    if not _is_one_plain_sentence(sentence):
        return ()
    sentence = sentence.rstrip(".!").rstrip()
    found = []
    if len(_COPULA.findall(sentence)) == 1:
        for pattern in (_ANSWER_LAST, _ITS, _ANSWER_FIRST):
            match = pattern.fullmatch(sentence)
            if match:
                found.append(match["answer"].strip())
    choice = _CHOICE.fullmatch(sentence)
    if choice:
        found.append(choice["answer"].strip())
    return tuple(_NAMED_OPTION.sub("", answer) for answer in found if answer)


def _is_one_plain_sentence(sentence: str) -> bool:
    if not sentence or len(sentence) > _LONGEST_SENTENCE or len(sentence.split()) > _MOST_WORDS:
        return False
    if any(mark in sentence for mark in "\n?;"):
        return False
    body = sentence.rstrip(".!")
    if ". " in body or "! " in body or ", " in body:
        return False
    return _DOUBT.search(body) is None
