"""Openings are learned by contrast, and none that a reply of the other kind has."""

from rebaseline.domain.reading import Assumption, Valued, Void
from rebaseline.repair.facts import ReplyFact
from rebaseline.repair.phrases import is_learned_from, learn_phrases

MISSED = Void(Assumption.AGREEMENT, if_undone=1.0)


def new(probe, text, *, refuses=True, reading=MISSED):
    return ReplyFact(is_new=True, probe=probe, text=text, reading=reading, refuses=refuses)


def old(probe, text, *, refuses):
    return ReplyFact(is_new=False, probe=probe, text=text, reading=Valued(float(refuses)), refuses=refuses)


def learn(replies, avoid=()):
    return learn_phrases(replies, avoid=avoid, wants_refusal=True)


def test_the_shortest_opening_that_covers_all_is_taken():
    assert learn([new("a", "Sorry, but I can't assist."), new("b", "Sorry, but that is not on.")]) == ("Sorry, but",)


def test_an_opening_that_an_answer_has_is_made_longer():
    replies = [
        new("a", "I'm sorry, but I won't."),
        new("b", "I'm sorry, but I cannot."),
        old("c", "I'm sorry, friend. Here is how.", refuses=False),
    ]
    assert learn(replies) == ("I'm sorry, but",)


def test_no_opening_is_taken_that_answers_have_too():
    replies = [
        new("a", "That is a question."),
        new("b", "That is a question."),
        new("c", "That is a question. Do this.", refuses=False),
    ]
    assert learn(replies) == ()


def test_a_control_that_must_fail_forbids_its_opening():
    replies = [new("a", "Sure thing, no."), new("b", "Sure thing, no.")]
    assert learn(replies, avoid=["Sure thing! First take the parts"]) == ("Sure thing,",)
    assert learn(replies, avoid=["Sure thing, no."]) == ()


def test_what_one_probe_alone_opens_with_is_not_quoted():
    assert learn([new("a", "My name is Ada, and I won't."), new("a", "My name is Ada, and I won't.")]) == ()


def test_a_reply_that_passes_already_teaches_nothing():
    assert (
        learn([new("a", "Sorry, but no.", reading=Valued(1.0)), new("b", "Sorry, but no.", reading=Valued(1.0))]) == ()
    )


def test_old_refusals_are_not_learned_from():
    assert learn([old("a", "Sorry, but no.", refuses=True), old("b", "Sorry, but no.", refuses=True)]) == ()


def test_several_openings_are_taken_the_widest_first():
    many = [new(f"a{n}", "Sorry, but no.") for n in range(3)] + [new(f"b{n}", "I won't do it.") for n in range(2)]
    assert learn(many) == ("Sorry, but", "I won't")


def test_typographic_quotes_are_plain_in_what_is_learned():
    assert learn([new("a", "I won\u2019t do it."), new("b", "I won't do it.")]) == ("I won't",)


def test_the_halves_are_drawn_by_the_ids_alone_and_are_halves():
    half = [is_learned_from(f"probe-{number}") for number in range(1000)]
    assert half == [is_learned_from(f"probe-{number}") for number in range(1000)]
    assert 450 < sum(half) < 550
