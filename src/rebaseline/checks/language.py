"""Whether a reply is written in a language that the refusal reading does not know. It knows English.

Only positive evidence makes a language unknown: letters of another script, function words of another language, or a
run of prose without one English function word. Names, numbers, code, JSON, lists and answers of a word or two speak no
language in particular and are never unknown.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["is_unknown_language"]

_SAMPLE = 700
_GLANCE = 240
_ENOUGH = 4
"""So many English function words in the first lines settle it."""
_OTHER_SCRIPT = 0.5
_LEAST_LETTERS = 2
_FOREIGN_WORDS = 3
_FOREIGN_WORDS_IN_A_CLAUSE = 2
_CLAUSE_RUN = 4
_FOREIGN_SHARE = 0.15
_PROSE_RUN = 9
"""Words in a row, without a mark between them, that no list or name is made of."""
_LATIN_ENDS = 0x0250
_NO_PROSE = re.compile(r"'''.*?(?:'''|\Z)|https?://\S+|\S+@\S+|[a-z_]+\([^)\n]*\)|\{[^}\n]*\}", re.DOTALL)
_FENCE = "'''"
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")

_ENGLISH_WORDS = """
a about after all also an and any are as at be because been before but by can could did do does don't for from had
has have he her here him his how i i'm i've if in into is isn't it it's its just like may me more most must my no
not of on one only or other our out over please she should so some such than that that's the their them then there
these they this those to too under up very was we were what when where which while who why will with would you
you're your yes however
"""
_FOREIGN_WORDS_BY_FAMILY = {
    "German, Dutch, Swedish, Danish and Norwegian": """
        ich nicht das der und ist sie ein eine einen kann mit auf für zu sich auch dass diese dieser wir wenn es
        leider ik niet het een van kan deze dit geen voor maar zijn wij je dat ook naar jag inte och att det som är
        för på den ett jeg ikke og er til av med
    """,
    "French, Spanish, Portuguese, Italian, Catalan, Romanian": """
        je ne pas vous le la les des est et une un pour que qui dans nous avec ce cette sur peux désolé el los las
        una con por para es lo pero puedo esta este como más sobre del se y su eso não uma com isso você mas os da
        são posso em il che di per sono non questo della gli è ma mi dispiace amb aquest és nu pot și să cu pentru
        din
    """,
    "Polish, Czech, Croatian, Hungarian, Finnish, Turkish, Indonesian, Vietnamese, Swahili, Filipino": """
        nie jest się w na że mogę tego jak przepraszam nemohu že jsem pro som ne mogu je da nem hogy és egy az en
        voi että ja se ole bir bu ve için ile değil üzgünüm konuda olamam tidak saya yang dan untuk dengan itu ini
        anda không và của là tôi có thể cho một siwezi kwa ya ni hii ang ng sa mga hindi ko
    """,
}
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_FOREIGN = frozenset(word for words in _FOREIGN_WORDS_BY_FAMILY.values() for word in words.split()) - _ENGLISH


def is_unknown_language(text: str) -> bool:
    """Say whether a reply, in lower case with plain apostrophes, is in a language other than English.

    Args:
        text: The reply or its beginning; only the first 700 characters are read.
    """
    if sum(word in _ENGLISH for word in text[:_GLANCE].split()) >= _ENOUGH:
        return False
    start = text[:_SAMPLE]
    sample = _NO_PROSE.sub(" ", start)
    if not _WORD.search(sample):  # all of it stands in a fence, and may be prose all the same
        sample = _NO_PROSE.sub(" ", start.replace(_FENCE, " "))
    return _in_another_script(sample) or _in_another_latin_language(sample)


def _in_another_script(sample: str) -> bool:
    if sample.isascii():
        return False
    letters = [letter for letter in sample if letter.isalpha()]
    others = sum(ord(letter) >= _LATIN_ENDS and not _is_latin(letter) for letter in letters)
    return others >= _LEAST_LETTERS and others > _OTHER_SCRIPT * len(letters)


def _is_latin(letter: str) -> bool:
    """Count Latin letters beyond the usual blocks (Vietnamese, mathematical, full-width) as Latin."""
    return unicodedata.normalize("NFKD", letter)[0].isascii()


def _in_another_latin_language(sample: str) -> bool:
    words = _WORD.findall(sample)
    english = sum(word in _ENGLISH for word in words)
    foreign = sum(word in _FOREIGN for word in words)
    if foreign >= _FOREIGN_WORDS and foreign > english and foreign >= _FOREIGN_SHARE * len(words):
        return True
    if english > 0:
        return False
    run = _longest_run_of_prose(sample)
    return run >= _PROSE_RUN or (run >= _CLAUSE_RUN and foreign >= _FOREIGN_WORDS_IN_A_CLAUSE)


def _longest_run_of_prose(sample: str) -> int:
    """Return the most words that stand in a row with nothing but single spaces between them."""
    longest = run = 0
    for token in sample.replace("\n", " . ").split():
        bare = token.rstrip(".,!?:")
        run = run + 1 if bare.replace("'", "").isalpha() and len(bare) > 0 else 0
        longest = max(longest, run)
        if bare != token:
            run = 0
    return longest
