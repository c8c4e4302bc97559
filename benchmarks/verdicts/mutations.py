"""Ground truth by mutation: `python benchmarks/verdicts/mutations.py [--quick] [--cases N] [--seed N] [--show INDEX]`.

Real stored replies that a check passes are mutated, half of them or more, by one mutation whose class is known, and the
verdict on them is compared with what it may be:

* form only, undeclared or undone downstream: never Failing;
* substance only, and both: never Holds;
* form only, where the form is claimed or breaks what reads the reply: never Holds;
* neither: Holds.

Replies are the recordings of this repository and, where REBASELINE_DATA names a folder, public ones too. What the
classes rest on: `mutations_base.Trait` says what a check's claim is about, and each mutation for which claims it is
form or substance. A case depends on the seed and on its number alone.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from mutations_base import MUTATIONS, Class
from mutations_cases import Outcome, Workshop, plan_cases
from mutations_checks import BLUEPRINTS
from mutations_replies import load_replies

from rebaseline.domain.verdict import VerdictName
from rebaseline.report.words import one_line
from rebaseline.stats.exact import clopper_pearson_upper

__all__ = ["LIMITS", "main", "run"]

LIMITS = {Class.FORM: 0.01, Class.SUBSTANCE: 0.001, Class.BOTH: 0.001, Class.CLAIMED: 0.001}
"""Largest share of cases of a class that may have the verdict that they must not have."""

_RIGHT = {
    Class.FORM: "not failing",
    Class.SUBSTANCE: "not holds",
    Class.BOTH: "not holds",
    Class.CLAIMED: "not holds",
    Class.NEITHER: "holds",
}
_ALPHA = 0.01


def run(number: int, seed: int) -> tuple[list[Outcome], Counter[str]]:
    """Return what became of the cases, and how many were none, by reason."""
    workshop = Workshop(load_replies(), seed)
    outcomes, left_out = [], Counter[str]()
    for case in plan_cases(number, seed):
        outcome = workshop.judge(case)
        if isinstance(outcome, Outcome):
            outcomes.append(outcome)
        else:
            left_out[f"{case.of}: {outcome}"] += 1
    return outcomes, left_out


def main(argv: Sequence[str]) -> int:
    """Run the cases, print what came of them, and return 1 where a limit is exceeded."""
    parser = argparse.ArgumentParser(description="Verdicts on real replies, mutated.")
    parser.add_argument("--quick", action="store_true", help="600 cases")
    parser.add_argument("--cases", type=int, default=6_000)
    parser.add_argument("--seed", type=int, default=20261125)
    parser.add_argument("--show", type=int, help="print the replies of one case")
    options = parser.parse_args(argv)
    number = 600 if options.quick else options.cases
    if options.show is not None:
        return _show(number, options.seed, options.show)
    replies = load_replies()
    outcomes, left_out = run(number, options.seed)
    print(
        f"{len(outcomes):,} cases, seed {options.seed}, of {len(replies):,} real replies; "
        f"{len(BLUEPRINTS)} kinds of check,"
    )
    print(
        f"{_count(Class.FORM)} mutations of form, {_count(Class.SUBSTANCE)} of substance, "
        f"{_count(Class.NEITHER)} of neither."
    )
    for reason, count in sorted(left_out.items()):
        print(f"  left out, {reason}: {count}")
    _print_checks(outcomes)
    _print_mutations(outcomes)
    exceeded = _print_classes(outcomes)
    _print_wrong(outcomes)
    return int(exceeded)


def _count(of: Class) -> int:
    return sum(mutation.of is of for mutation in MUTATIONS.values())


def _print_checks(outcomes: Iterable[Outcome]) -> None:
    cells: dict[str, dict[Class, Counter[VerdictName]]] = defaultdict(lambda: defaultdict(Counter))
    for outcome in outcomes:
        cells[outcome.case.blueprint][outcome.case.of][outcome.name] += 1
    print("\nVerdicts by check and class: holds / failing / invalid / unsettled")
    print(f"{'check':<24}" + "".join(f"{of:>20}" for of in Class))
    for blueprint in BLUEPRINTS:
        print(f"{blueprint:<24}" + "".join(f"{_cell(cells[blueprint][of]):>20}" for of in Class))


def _cell(counts: Counter[VerdictName]) -> str:
    names = (VerdictName.HOLDS, VerdictName.FAILING, VerdictName.INVALID, VerdictName.INCONCLUSIVE)
    return " / ".join(f"{counts[name]}" for name in names) if counts else "-"


def _print_mutations(outcomes: Sequence[Outcome]) -> None:
    """Print the mutations whose single replies were read as they must not be, whatever the verdict."""
    read: dict[tuple[Class, str], Counter[str]] = defaultdict(Counter)
    for outcome in outcomes:
        of = outcome.case.of
        if of in (Class.FORM, Class.SUBSTANCE):
            read[of, outcome.case.mutation[0]].update(outcome.read)
    print("\nSingle replies, mutations with any read wrong: pass / fail / void")
    for (of, name), counts in sorted(read.items()):
        wrong = counts["fail" if of is Class.FORM else "pass"]
        if wrong:
            total = sum(counts.values())
            print(
                f"  {of:<10} {name:<34} {counts['pass']:>6} / {counts['fail']:>6} / {counts['void']:>6}   "
                f"{wrong / total:.1%}"
            )


def _print_classes(outcomes: Sequence[Outcome]) -> bool:
    print(
        f"\n{'class':<11}{'must be':<13}{'cases':>7}{'wrong':>7}{'share':>9}{'99 % bound':>12}{'limit':>8}   "
        "single replies read wrong"
    )
    exceeded = False
    for of in Class:
        some = [outcome for outcome in outcomes if outcome.case.of is of]
        wrong = sum(outcome.wrong for outcome in some)
        share = wrong / max(1, len(some))
        bound = clopper_pearson_upper(wrong, len(some), _ALPHA) if some else 1.0
        limit = LIMITS.get(of)
        over = limit is not None and share > limit
        exceeded = exceeded or over
        print(
            f"{of:<11}{_RIGHT[of]:<13}{len(some):>7}{wrong:>7}{share:>9.2%}{bound:>12.2%}"
            f"{'' if limit is None else f'{limit:.1%}':>8}   {_replies(of, some)}{'   EXCEEDED' if over else ''}"
        )
    undone = [outcome for outcome in outcomes if outcome.case.of is Class.FORM and outcome.undone]
    held = sum(outcome.name is VerdictName.HOLDS for outcome in undone)
    print(
        f"Of {len(undone):,} cases of form that is undone downstream {held:,} hold ({held / max(1, len(undone)):.0%})."
    )
    return exceeded


def _replies(of: Class, some: Sequence[Outcome]) -> str:
    read = sum((Counter(outcome.read) for outcome in some), Counter())
    wrong = {Class.FORM: read["fail"], Class.NEITHER: read["fail"] + read["void"]}.get(of, read["pass"])
    return f"{wrong:,} of {sum(read.values()):,}"


def _print_wrong(outcomes: Sequence[Outcome]) -> None:
    wrong = [outcome for outcome in outcomes if outcome.wrong]
    if wrong:
        print("\nEvery case with a verdict that it must not have (--show INDEX prints its replies):")
    for outcome in sorted(wrong, key=lambda each: (each.case.of, each.case.blueprint, each.case.mutation)):
        case = outcome.case
        counts = ", ".join(f"{count} {word}" for word, count in sorted(outcome.read.items()))
        undone = ", undone" if outcome.undone else ""
        print(f"  {case.index:>6} {case.of:<10} {case.blueprint:<24} {' + '.join(case.mutation)}: "
              f"{outcome.name} ({counts}; {outcome.bar}{undone})")  # fmt: skip


def _show(number: int, seed: int, index: int) -> int:
    case = plan_cases(number, seed)[index]
    outcome = Workshop(load_replies(), seed).judge(case)
    print(case)
    if isinstance(outcome, str):
        print(outcome)
        return 0
    print(outcome.verdict, outcome.bar, dict(outcome.read), "undone" if outcome.undone else "")
    for text, reading in dict.fromkeys((text[:400], str(reading)) for text, reading in outcome.shown):
        print(f"  {one_line(text, 200)}\n      {one_line(reading, 160)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
