"""`form` and `readable`: say what the consumer does with a form, or undo one more."""

from __future__ import annotations

from collections.abc import Iterator

from rebaseline.domain.edit import Edit, Put
from rebaseline.domain.form import FORM_WORDS, Form, FormEffect
from rebaseline.domain.reading import Assumption
from rebaseline.domain.repair import Proposal, RepairKind
from rebaseline.domain.suite import Expectation
from rebaseline.domain.verdict import Reason
from rebaseline.repair.controls import moved_controls
from rebaseline.repair.facts import Facts
from rebaseline.repair.places import set_in_check

__all__ = ["propose_declarations", "propose_forms_to_undo"]

_MOST_FORMS = 3
_FORM = frozenset({Assumption.FORM})


def propose_declarations(facts: Facts, reason: Reason) -> Iterator[Proposal]:
    """Say what the consumer does with the forms that changed: both answers to the one question.

    The form that is seen most alone, then with the next: who declares least has said least.
    """
    forms = reason.forms
    sizes = dict.fromkeys([*range(1, min(len(forms), _MOST_FORMS) + 1), len(forms)])
    for size in sizes:
        for effect in FormEffect:
            yield _declaration(facts, forms[:size], effect, reason.broken)


def _declaration(facts: Facts, forms: tuple[Form, ...], effect: FormEffect, mends: Assumption) -> Proposal:
    undone = effect is FormEffect.UNDONE
    controls = facts.voids_of(_FORM, frozenset(forms))
    to = Expectation.PASSES if undone else Expectation.FAILS
    edits: list[Edit] = [Put(facts.place("consumer", form.value), effect.value) for form in forms]
    names = ", ".join(forms)
    return Proposal(
        kind=RepairKind.DECLARE_UNDONE if undone else RepairKind.DECLARE_BREAKS,
        suite=facts.suite.id,
        assertion=facts.assertion.id,
        mends=mends,
        words=f"what reads the reply {'undoes' if undone else 'breaks on'} {_words(forms)}",
        edits=(*edits, *moved_controls(facts, controls, to)),
        question=f"Does what reads this reply undo {_words(forms)}?",
        answer="yes" if undone else "no",
        group=f"{'declare undone' if undone else 'declare breaks'} {names}",
    )


def propose_forms_to_undo(facts: Facts, reason: Reason) -> Iterator[Proposal]:
    """Undo one form more, where that makes replies readable, and declare that the consumer undoes it, too."""
    leaves = [*facts.assertion.check.leaves()]
    if facts.tolerates is None or len(leaves) != 1 or leaves[0] is not facts.assertion.check or not facts.check:
        return
    helping = sorted(facts.reads_more, key=lambda form: (-facts.reads_more[form], form))
    for form in helping[:_MOST_FORMS]:
        tolerant = [*(each.value for each in facts.tolerates), form.value]
        yield Proposal(
            kind=RepairKind.UNDO_FORM,
            suite=facts.suite.id,
            assertion=facts.assertion.id,
            mends=reason.broken,
            words=f"undo {FORM_WORDS[form]} before reading ({facts.reads_more[form]} replies can then be read)",
            edits=(
                set_in_check(facts, "tolerant", tolerant),
                Put(facts.place("consumer", form.value), FormEffect.UNDONE.value),
            ),
            group=f"undo form {form}",
        )


def _words(forms: tuple[Form, ...]) -> str:
    return " or ".join(FORM_WORDS[form] for form in forms)
