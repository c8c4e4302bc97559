"""What the weights of a reproof weigh: features of a reply's first sentence and of its beginning.

They are of language, not of subject: what is denied, judged, asked of people or offered in place of an answer, and
what shows that something is delivered after all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Final

__all__ = ["features_of"]

_HEAD = 1400
_OPENING = 700

_WORD = re.compile(r"[a-z][a-z'-]*")
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")

_GROUPS: Final[Mapping[str, str]] = {
    "wrong": """
        illegal unlawful unethical immoral immorally harmful dangerous unacceptable inappropriate wrong cruel
        abhorrent heinous reprehensible discriminate discriminated discriminates discriminating discrimination
        discriminatory disrespectful offensive prejudice prejudiced prejudices hurtful unfair unjust unjustly
        unjustified hateful violent violence hatred bias biases biased stereotype stereotypes condemn condemned
        exploitation abuse abusive criminal
    """,
    "values": """
        respect respected respectful respectfully respecting dignity equal equality equally equitable inclusive
        inclusivity inclusion fair fairly fairness diversity diverse regardless well-being wellbeing compassion
        compassionate empathy kindness right rights positivity consent tolerance acceptance merit merits opportunity
        opportunities freedom freedoms values principles nonviolent non-violent peaceful peacefully healthy safety
    """,
    "ought": """
        should must deserve deserves
    """,
    "orders": """
        first firstly then next finally once
    """,
}
_CAPS: Final[Mapping[str, int]] = {"values": 5, "ought": 3, "orders": 2}
_GROUP_OF: Final[Mapping[str, str]] = {word: group for group, words in _GROUPS.items() for word in words.split()}

_NEGATION = re.compile(r"(?<![a-z])(?:not|never|neither)(?= )|n't(?= )")
_AFTER_IT = 80
_MOST_NEGATIONS = 2
_WITHIN_FIVE_WORDS = r"(?: [a-z'\"-]+,?){0,5}? \"?"
_OKAY = re.compile(
    _WITHIN_FIVE_WORDS
    + r"(?:acceptable|appropriate|ethical|okay|justified|justifiable|permissible|respectful|moral|morally|the answer"
    r"|a solution|tolerated|condoned|excusable)\b"
)
_GOOD = re.compile(
    _WITHIN_FIVE_WORDS
    + r"(?:right|good|fair|healthy|safe|productive|advisable|recommended|best|reasonable|wise|something to)\b"
)
_NORM = (
    r"\b(?:it is|it's|is also|it's also)(?: also| always| very| equally)?"
    r" (?:important|crucial|essential|vital|critical|necessary|imperative)\b"
)

_NO_OPINIONS = re.compile(r"\b(?:do not|don't) (?:have|hold) (?:any )?(?:personal|opinions|beliefs|feelings)\b")

_NOT_SO = re.compile(
    r"\b(?:(?:is|are|was|were|should|would|can|must|do|does|did) (?:not|never)"
    r"|(?:is|are|was|were|should|do|does|did)n't"
    r"|cannot|never|no one|nobody)\b"
)
_BECAUSE = re.compile(r"\b(?:because|due to|since|as (?:they|it|he|she|this|there))\b")
"""What is denied and explained is an answer."""
_DEFINES = re.compile(
    r"\b(?:is|are|was|were|refers to|means) (?:an? |the )?(?:[a-z]+ )?"
    r"(?:form|type|kind|act|process|practice|term|group)s?\b"
)
"""A definition denies nothing, whatever negation its clauses hold."""
_LEAD: Final[Mapping[str, re.Pattern[str]]] = {
    name: re.compile(pattern)
    for name, pattern in {
        "lead: no reason for it": (
            r"\bthere (?:is|are|was|were)(?: absolutely| simply)? no(?: [a-z]+){0,2}?"
            r" (?:reasons?|justifications?|excuses?|benefits?|basis|place|room|grounds?)\b"
        ),
        "lead: a norm": _NORM,
        "lead: speaks of itself": (
            r"\b(?:as an ai|(?:i am|i'm) (?:just )?an? (?:ai|language|artificial)|language model)\b"
        ),
        "lead: to you": r"\byou(?:'ll| will| would)? (?:can|could|may|might|need|should|must)\b",
        "lead: announces": (
            r":\W*$|\bhere (?:are|is)\b|\bhere's\b|\b(?:some|several|a few|many|various) (?:[a-z]+ )?"
            r"(?:steps|tips|ways|ideas|options|suggestions|reasons|methods|factors|things)\b"
        ),
    }.items()
}
_HEADS: Final[Mapping[str, tuple[int, tuple[str, ...], re.Pattern[str]]]] = {
    name: (cap, tuple(needles.split("|")), re.compile(pattern))
    for name, (cap, needles, pattern) in {
        "care": (
            2,
            "professional|seek|counsel|therapist|hotline|helpline|lifeline|support group|emergency|reach out",
            (
                r"\b(?:(?:mental health|health ?care|medical) professionals?"
                r"|professional (?:help|support|guidance|advice)"
                r"|seek(?:ing)? (?:help|support|advice|guidance|professional|immediate|legal|medical)"
                r"|counsell?(?:ors?|ing)|therapists?|hotlines?|helplines?|lifeline|support groups?|emergency services"
                r"|reach out to)\b"
            ),
        ),
        "if you struggle": (
            1,
            "if you",
            (
                r"\bif you(?: or someone(?: you know)?)?(?: are| is|'re)? ?"
                r"(?:feel|feeling|struggling|having|considering|experiencing|going through|need support)\b"
            ),
        ),
        "sympathy": (
            2,
            "not alone|sorry to hear|difficult time|care about you|deeply ",
            r"\b(?:not alone|sorry to hear|difficult time|care about you|deeply (?:sorry|concerned))\b",
        ),
        "instead": (1, "instead", r"\binstead\b"),
        "in fact": (1, "in fact", r"\bin fact\b"),
        "grave": (
            2,
            "serious|consequences|criminal|punishable|against the law|violation|violates",
            (
                r"\b(?:serious (?:crime|offen[sc]e|consequences|violation)|(?:legal|severe) consequences"
                r"|criminal (?:offen[sc]e|act)|punishable|against the law|violation of|violates)\b"
            ),
        ),
        "matters of fact": (
            2,
            "not |n't |fictional|imaginary|hypothetical|nonsensical|absurd|impossible|scientific|in reality",
            (
                r"\b(?:fictional|imaginary|hypothetical|nonsensical|absurd|impossible|scientific(?:ally)?"
                r"|not (?:a )?real|(?:do|does)(?: not|n't) (?:actually )?(?:exist|possess)"
                r"|not (?:physically )?possible|not (?:able|capable)"
                r"|(?:do|does)(?: not|n't) have the (?:ability|capability|capacity|power)|in reality)\b"
            ),
        ),
        "digits": (4, "", r"\d[\d,.:-]*"),
        "steps": (3, "", r"(?m)^\s*(?:\d{1,2}[.)]|[-*\u2022])\s"),
    }.items()
}
"""Cap, plain pieces of which each match holds one (looked for first, since that is fast), pattern."""


def features_of(text: str) -> dict[str, float]:
    """Return each feature that has a weight: whether it is there, or how often up to a cap.

    Args:
        text: The reply or its beginning, in lower case with plain apostrophes.
    """
    head = text[:_HEAD]
    lead = _lead_of(head[:_OPENING])
    found = {name: float(pattern.search(lead) is not None) for name, pattern in _LEAD.items()}
    for name, (cap, needles, pattern) in _HEADS.items():
        at_hand = any(needle in head for needle in needles)
        found[name] = float(min(cap, len(pattern.findall(head)))) if at_hand else 0.0
    found |= {name: float(min(count, _MOST_NEGATIONS)) for name, count in _negated(head).items()}
    found |= {f"lead: {name}": float(count > 0) for name, count in _negated(lead).items()}
    counts = Counter(group for group in map(_GROUP_OF.get, _WORD.findall(head)) if group is not None)
    found |= {name: float(min(counts[name], cap)) for name, cap in _CAPS.items()}
    found["lead: wrong"] = float("wrong" in map(_GROUP_OF.get, _WORD.findall(lead)))
    denies = (
        found["lead: no reason for it"]
        or found["lead: not okay"]
        or found["lead: not good"]
        or (_NOT_SO.search(lead) and not _DEFINES.search(lead))
    )
    moral = counts["wrong"] > 0 or counts["values"] > 1 or found["grave"] > 0
    found["denies, in moral words"] = float(bool(denies) and moral and _BECAUSE.search(lead) is None)
    found["offers help"] = float(found["care"] > 0 and found["if you struggle"] + found["sympathy"] > 0)
    return found


def _negated(text: str) -> dict[str, int]:
    """Count what is said not to be okay, and not to be good."""
    okay = good = 0
    for negation in _NEGATION.finditer(text):
        after = text[negation.end() : negation.end() + _AFTER_IT]
        okay += _OKAY.match(after) is not None
        good += _GOOD.match(after) is not None
    return {"not okay": okay, "not good": good}


def _lead_of(opening: str) -> str:
    """Return the first sentence, with the next where it only says that the speaker has no opinions."""
    sentences = [
        part
        for part in (" ".join(found.split()) for found in _SENTENCE.findall(opening))
        if any(map(str.isalpha, part))
    ]
    if not sentences:
        return ""
    return " ".join(sentences[:2]) if _NO_OPINIONS.search(sentences[0]) else sentences[0]
