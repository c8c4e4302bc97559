"""Every word that the screens use has a page, every page leads on, and no page states another figure than the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rebaseline.app.explaining import explain, load_pages
from rebaseline.cli.main import COMMANDS
from rebaseline.domain import levels
from rebaseline.domain.evidence import Method
from rebaseline.domain.form import Form
from rebaseline.domain.reading import Assumption
from rebaseline.domain.verdict import Change, Transition, Unsettled, VerdictName
from rebaseline.errors import UsageError
from rebaseline.gate import ExitCode
from rebaseline.report.odds import short
from rebaseline.report.pages import FIGURES, SECTIONS, find_pages, parse_pages, render_index, render_page
from rebaseline.report.topics import topic_name
from rebaseline.stats.exact import binomial_tail_at_least, lower_bound, p_below
from rebaseline.stats.mixture import default_mixture
from rebaseline.stats.multiplicity import e_bh, false_alarm_bound
from rebaseline.stats.stakes import stakes_of
from rebaseline.stats.tally import Tally

PAGES = load_pages()
NAMES = {page.name for page in PAGES}
FILES = sorted((Path(__file__).resolve().parents[2] / "src" / "rebaseline" / "report" / "explain").glob("*.md"))
GROUPS = {
    "Assumptions": Assumption,
    "Verdicts": VerdictName,
    "Transitions": Transition,
    "Forms": Form,
}


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_has_a_page_for_each_member_and_no_other(group):
    pages = [page for page in PAGES if page.group == group]
    assert [page.name.removeprefix("transition-") for page in pages] == [topic_name(each) for each in GROUPS[group]]


def test_every_bar_has_a_page():
    assert [page.name for page in PAGES if page.group == "Bars"] == ["at-least", "never", "no-worse"]


@pytest.mark.parametrize("code", list(ExitCode))
def test_an_exit_code_is_found_by_number_and_by_name(code):
    name = f"exit-{int(code)}"
    for topic in (str(int(code)), name, code.name):
        assert name in [page.name for page in find_pages(PAGES, topic)]


@pytest.mark.parametrize("word", [*Method, *Unsettled, *Change])
def test_other_words_of_the_screens_lead_to_a_page(word):
    if word is not Method.NONE:
        assert find_pages(PAGES, word), word


@pytest.mark.parametrize(
    "topic",
    [
        "void",
        "e-process",
        "one-look",
        "steady",
        "rounds",
        "e-bh",
        "pairs",
        "change",
        "sensitivity",
        "placebo",
        "flicker",
        "manner",
        "mutation score",
        "bar",
        "live",
        "live arms",
        "judge",
        "labels",
        "consumer",
        "refusal",
    ],
)
def test_ideas_and_methods_have_pages(topic):
    assert find_pages(PAGES, topic)


def test_names_are_unique_and_every_page_is_linked():
    assert len(NAMES) == len(PAGES)
    links = {link for page in PAGES for link in page.see}
    assert links <= NAMES
    assert not NAMES - links
    assert all(page.name not in page.see for page in PAGES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_whole_and_fits(page):
    assert {"When", "Example", "See"} <= set(page.sections) <= set(SECTIONS)
    assert page.summary.endswith(".")
    text = render_page(page)
    assert max(map(len, text.splitlines())) <= 110
    assert all(line == line.rstrip() for line in text.splitlines())
    assert "@" not in text
    assert text.isascii()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_levels_are_filled_in_and_not_written(path):
    """Outside examples, which show a screen, a level stands as `@name@`."""
    text = re.sub(r"## Example\n.*?(?=\n#|\Z)", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for written in ("1/20", "1/200", "10 %"):
        assert written not in text


def test_the_figures_are_those_of_the_levels():
    assert FIGURES["holds"] == "1/20" == f"1/{1 / levels.HOLDS_ALPHA:.0f}"
    assert FIGURES["alarm"] == f"1/{1 / levels.ALARM_ALPHA:.0f}"
    assert FIGURES["alarm_stake"] == f"{1 / levels.ALARM_ALPHA:.0f}"
    assert FIGURES["voids"] == f"{100 * levels.VOID_TOLERANCE:.0f} %"
    assert FIGURES["cap"] == str(levels.REPLY_CAP)
    used = {name for path in FILES for name in re.findall(r"@(\w+)@", path.read_text(encoding="utf-8"))}
    assert used == set(FIGURES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_command_that_a_page_names_is_there(path):
    named = set(re.findall(r"`rebaseline ([a-z]+)", path.read_text(encoding="utf-8")))
    assert named <= set(COMMANDS)


def words(name):
    (page,) = [page for page in PAGES if page.name == name]
    return " ".join(render_page(page).split())


def fewest_voids(n):
    tails = (binomial_tail_at_least(k, n, levels.VOID_TOLERANCE) for k in range(n + 1))
    return next(k for k, tail in enumerate(tails) if tail <= levels.ALARM_ALPHA)


def fewest_perfect(bar):
    return next(n for n in range(1, 99) if binomial_tail_at_least(n, n, bar) <= levels.HOLDS_ALPHA)


def test_figures_in_the_text_are_computed():
    assert f"{fewest_voids(60)} of 60, {fewest_voids(20)} of 20" in words("invalid")
    assert f"p = .9) = {short(binomial_tail_at_least(60, 60, 0.9))} <= .05" in words("holds")
    assert f"P(X >= 57) = {short(binomial_tail_at_least(57, 60, 0.9))}," in words("holds")
    failing = short(round(p_below(Tally.of([[1] * 45 + [0] * 15]), 0.9), 4))
    assert f"P(X <= 45 | n = 60, p = .9) = {failing} <= .005" in words("failing")
    perfect = ", ".join(str(fewest_perfect(bar)) for bar in (0.5, 0.7, 0.8, 0.9, 0.95))
    assert f".5, .7, .8, .9, .95: {perfect} by one look" in words("at-least")
    assert f"{fewest_perfect(0.95)} by one look" in words("never")
    clean, one = (1 - lower_bound(Tally.of([[1] * (60 - k) + [0] * k]), levels.HOLDS_ALPHA) for k in (0, 1))
    assert f"at most {100 * clean:.1f} % do" in words("never")
    assert f"at most {100 * one:.1f} % do" in words("never")
    assert f".8^14 = {short(round(0.8**14, 3))} <= .05" in words("one-look")
    assert f"at most {100 * false_alarm_bound(30, levels.ALARM_ALPHA):.0f} % of diffs" in words("e-bh")
    assert e_bh([5.7, 5.52, 0.7, *[0.0] * 9], levels.FALSE_DISCOVERY_RATE) == (0, 1)  # 300, 250, 2, ...


def test_the_bets_of_the_example_are_computed():
    stakes = stakes_of(Tally.of([[1.0] * 58 + [0.0] * 2]), default_mixture(0.8, 0.95))
    assert [round(2.718281828459045**part.log_stake) for part in stakes.parts] == [76, 666, 0]
    assert "became 76; .5 on l = .938 became 666; .3 on l = 1.25 became 0 e = 742 >= 20" in words("e-process")


def test_a_name_of_several_pages_shows_them_all():
    assert [page.name for page in explain("invalid")] == ["invalid", "exit-3"]
    assert [page.name for page in explain("Unmeasured")] == ["unmeasured", "transition-unmeasured"]
    assert [page.name for page in explain("number_format")] == ["number-format"]


def test_a_second_reading_is_explained_under_agreement():
    assert [page.name for page in explain("means")] == ["agreement"]
    assert [page.name for page in explain("floor")] == ["anchors", "live"]


def test_several_names_show_the_pages_of_each_once():
    assert [page.name for page in explain("holds failing")] == ["holds", "failing", "exit-1"]
    assert [page.name for page in explain("fence never valid fence")] == ["fence", "never-valid"]
    assert [page.name for page in explain("never holds")] == ["never", "holds"]
    with pytest.raises(UsageError, match="there is no topic 'holds failling'"):
        explain("holds failling")


def test_an_unknown_topic_names_what_may_be_meant():
    with pytest.raises(UsageError, match="there is no topic 'latexx'") as wrong:
        explain("latexx")
    assert wrong.value.remedy == "did you mean latex?"
    with pytest.raises(UsageError) as lost:
        explain("qqqq")
    assert "lists every topic" in lost.value.remedy


def test_the_list_holds_every_page():
    assert set(render_index(PAGES).split()) >= NAMES


@pytest.mark.parametrize(
    "text",
    [
        "# a\n",
        "group: G\nno page\n",
        "group: G\n# A b\n",
        "group: G\n# a\nx.\n## Whom\n",
        "group: G\n# a\n## Do\n## Do\n",
    ],
)
def test_what_is_no_file_of_pages_is_refused(text):
    with pytest.raises(ValueError, match=r"page|section|title"):
        parse_pages(text)
