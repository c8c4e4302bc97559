"""Pages of `rebaseline explain`: their grammar, their figures and how they are printed. Pure: texts in, text out.

A file holds the pages of one group. Its first line names the group; `# name (alias, alias)` opens a page, the paragraph
under it says what the name means, and `## When`, `Rule`, `Then`, `Example`, `Do` and `See` follow, each at most once.
Figures of the theory are written `@name@` and filled in from `rebaseline.domain.levels`, so that no page can state
another one than the code.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from rebaseline.domain.levels import (
    ALARM_ALPHA,
    CHANGE_MARGIN,
    FALSE_DISCOVERY_RATE,
    HOLDS_ALPHA,
    LEADING_VOIDS,
    REPLY_CAP,
    STEADY_PROBES,
    VOID_TOLERANCE,
)
from rebaseline.domain.suite import Never
from rebaseline.report.odds import level_words, short
from rebaseline.report.topics import topic_name
from rebaseline.report.words import percent

__all__ = ["FIGURES", "SECTIONS", "Page", "find_pages", "near_names", "parse_pages", "render_index", "render_page"]

SECTIONS = ("When", "Rule", "Then", "Example", "Do", "See")
"""In the order in which a page has them."""
FIGURES: Mapping[str, str] = {
    "holds": level_words(HOLDS_ALPHA),
    "alarm": level_words(ALARM_ALPHA),
    "holds_stake": f"{1 / HOLDS_ALPHA:.0f}",
    "alarm_stake": f"{1 / ALARM_ALPHA:.0f}",
    "fdr": percent(FALSE_DISCOVERY_RATE),
    "fdr_figure": short(FALSE_DISCOVERY_RATE),
    "voids": percent(VOID_TOLERANCE),
    "leading": str(LEADING_VOIDS),
    "margin": short(CHANGE_MARGIN),
    "cap": str(REPLY_CAP),
    "steady": str(STEADY_PROBES),
    "ceiling": percent(Never().ceiling),
}
"""What stands for each `@name@`."""

_WIDTH = 96
_LABEL = 10
_TITLE = re.compile(r"^# ([a-z0-9-]+)(?: \(([^)]+)\))?$")
_FIGURE = re.compile(r"@(\w+)@")


@dataclass(frozen=True, slots=True)
class Page:
    """One page.

    Attributes:
        name: Its name, of which there is one.
        aliases: Other names; several pages may share one.
        group: The group it stands in.
        summary: What the name means, in a sentence or two.
        sections: Lines by the name of their section.
    """

    name: str
    aliases: tuple[str, ...]
    group: str
    summary: str
    sections: Mapping[str, tuple[str, ...]]

    @property
    def see(self) -> tuple[str, ...]:
        """Names of the pages that say more."""
        return tuple(name.strip() for name in " ".join(self.sections.get("See", ())).split(",") if name.strip())


def parse_pages(text: str) -> tuple[Page, ...]:
    """Return the pages of a file.

    Raises:
        ValueError: The text does not keep to the grammar; our own files do.
    """
    first, *lines = _FIGURE.sub(lambda match: FIGURES[match[1]], text).splitlines()
    group = first.removeprefix("group: ")
    starts = [place for place, line in enumerate(lines) if line.startswith("# ")]
    if group == first or not starts:
        raise ValueError(f"a file of pages names its group and has a page, got {first!r}")
    return tuple(_page(group, lines[start:end]) for start, end in zip(starts, [*starts[1:], None], strict=True))


def _page(group: str, lines: list[str]) -> Page:
    title = _TITLE.match(lines[0])
    if title is None:
        raise ValueError(f"no title of a page: {lines[0]!r}")
    parts: dict[str, list[str]] = {"": []}
    current = ""
    for line in lines[1:]:
        if line.startswith("## "):
            current = line.removeprefix("## ")
            if current not in SECTIONS or current in parts:
                raise ValueError(f"{title[1]} has no section {current!r}, or has it twice")
            parts[current] = []
        else:
            parts[current].append(line)
    summary = " ".join(" ".join(parts.pop("")).split())
    aliases = tuple(alias.strip() for alias in (title[2] or "").split(",") if alias.strip())
    return Page(title[1], aliases, group, summary, {name: _trimmed(body) for name, body in parts.items()})


def _trimmed(lines: list[str]) -> tuple[str, ...]:
    return tuple("\n".join(lines).strip("\n").splitlines())


def find_pages(pages: Iterable[Page], topic: str) -> tuple[Page, ...]:
    """Return the page of a name and those that have it as an alias, in the order of the groups.

    Args:
        pages: All pages.
        topic: A name in any spelling: `never valid`, `number_format`, `3`.
    """
    wanted = topic_name(topic)
    return tuple(page for page in pages if wanted in {page.name, *page.aliases})


def near_names(pages: Iterable[Page], topic: str) -> tuple[str, ...]:
    """Return the names that may be meant, the nearest first."""
    names = [name for page in pages for name in (page.name, *page.aliases)]
    return tuple(dict.fromkeys(get_close_matches(topic_name(topic), names, n=3, cutoff=0.6)))


def render_page(page: Page) -> str:
    """Return a page as plain text, at most 96 columns wide."""
    title = f"{page.name}   ({page.group.lower()})"
    lines = [title, *textwrap.wrap(page.summary, _WIDTH - 2, initial_indent="  ", subsequent_indent="  ")]
    for name in SECTIONS:
        if name in page.sections:
            lines += ["", *_section(name, page)]
    return "\n".join(lines) + "\n"


def _section(name: str, page: Page) -> Iterator[str]:
    body = page.sections[name]
    if name == "Example":
        yield f"  {name}"
        yield from body
        return
    if name == "See":
        body = (f"rebaseline explain {' | '.join(page.see)}",)
    text = " ".join(" ".join(body).split())
    label = f"  {name:<{_LABEL - 2}}"
    wrapped = textwrap.wrap(text, _WIDTH - _LABEL, break_on_hyphens=False, break_long_words=False)
    for place, line in enumerate(wrapped):
        yield (label if place == 0 else " " * _LABEL) + line


def render_index(pages: Iterable[Page]) -> str:
    """Return the list of all pages by group."""
    groups: dict[str, list[str]] = {}
    for page in pages:
        groups.setdefault(page.group, []).append(page.name)
    lines = ["rebaseline explain TOPIC says what it means, when it is, what follows and what to do.", ""]
    for group, names in groups.items():
        label = f"  {group:<18}"
        wrapped = textwrap.wrap("  ".join(names), _WIDTH - len(label), break_on_hyphens=False)
        lines += [(label if place == 0 else " " * len(label)) + line for place, line in enumerate(wrapped)]
    return "\n".join(lines) + "\n"
