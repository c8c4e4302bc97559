"""Whole small projects in temporary folders, and the command line called in them, in this process."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from rebaseline.cli.main import main

__all__ = ["HOSTILE", "NEW", "OLD", "ROWS", "Project", "Said", "assert_printable", "replies_of"]

OLD, NEW = "model-6.1", "model-6.2"

HOSTILE = (
    "\x1b[31mred\x1b[0m",
    "\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\",
    "\x1b]0;title\x07",
    "\x9b2J",
    "\u202eesrever\u202c",
    "\u2066isolate\u2069",
    "a\x00b",
    "\ud800half",
    "zero\u200bwidth\ufeff",
    "line\u2028break",
    "back\x08\x08space",
    "over\rwritten",
)
"""Replies that would take hold of a terminal, or of whoever reads it."""

_DANGEROUS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")

PROJECT = """
[system]
name = "claims-assistant"
stage = "production"
owner = "retail-claims"

[targets.app]
type = "recorded"
"""

SUITE = """
suite: {id: invoices, version: 1, kind: functional, owner: payments, layers: [model]}
probes:
  each: rows.csv
  user: "Return JSON with key total.\\n{{ text }}"
assertions:
  - id: total-right
    claim: The total equals the invoice's.
    check: {json_path: $.total, number: "{{ reference }}"}
    bar: {at_least: 0.9}
    controls: {passes: ['{"total": 42}'], fails: ['{"total": 41}'], given: {reference: 42}}
"""

TOTALS = {f"inv-{number:02}": number * 3 + 7 for number in range(60)}
ROWS = "id,text,reference\n" + "".join(f"{probe},invoice {probe},{total}\n" for probe, total in TOTALS.items())


def assert_printable(text: str) -> None:
    """Nothing in it takes hold of a terminal: only printable text and ends of lines."""
    found = _DANGEROUS.search(text)
    assert found is None, f"{found.group()!r} in {text[max(0, found.start() - 40) : found.end() + 40]!r}"


def replies_of(total: str = '{{"total": {0}}}') -> dict[str, str]:
    """One reply a probe of the invoices, `{0}` being the right total."""
    return {probe: total.format(right) for probe, right in TOTALS.items()}


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def both(self) -> str:
        return self.out + self.err

    @property
    def document(self) -> Any:
        return json.loads(self.out)

    def line(self, holding: str) -> str:
        return next(line for line in self.out.splitlines() if holding in line)


class Project:
    """A project folder; calling it calls the command line in it."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root
        self._capsys = capsys
        monkeypatch.chdir(root)

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
        return path

    def suite(self, text: str = SUITE, name: str = "invoices") -> None:
        self.write(f"probes/{name}/suite.yaml", text)

    def __call__(self, *arguments: str, bug: bool = False) -> Said:
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main(list(arguments))
        out, err = self._capsys.readouterr()
        code = left.value.code
        assert isinstance(code, int)
        said = Said(code, out, err)
        assert bug or "Traceback" not in said.both, said.both
        assert_printable(said.both)
        return said

    def lines(self, name: str, lines: Iterable[Mapping[str, Any]]) -> Path:
        return self.write(name, "".join(json.dumps(line) + "\n" for line in lines))

    def bring(
        self,
        model: str,
        replies: Mapping[str, str | Sequence[str]],
        *,
        suite: str = "invoices",
        target: str | None = None,
        **more: Any,
    ) -> Said:
        """Import replies, one a probe or a list of samples, as answered by `model`."""
        lines = [
            {"probe": probe, "response": text, "stop_reason": "end_turn", "served_model": model, **more}
            for probe, texts in replies.items()
            for text in ([texts] if isinstance(texts, str) else texts)
        ]
        path = self.lines(f"replies-{suite}.jsonl", lines)
        chosen = [] if target is None else ["--target", target]
        return self("import", str(path), "--suite", suite, "--model", model, *chosen)

    def accept(self, model: str = OLD, *suites: str) -> Said:
        return self("accept", *suites, "--model", model, "--as", "Ada Ruiz", "--reason", "release signed off")

    @property
    def store(self) -> Path:
        return self.root / ".rebaseline" / "results.db"

    def without_store(self) -> None:
        for path in self.store.parent.glob("results.db*"):
            path.unlink()


def make_project(root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Project:
    """The invoices: sixty probes, one assertion; nothing is stored."""
    project = Project(root, capsys, monkeypatch)
    project.write("rebaseline.toml", PROJECT)
    project.write("probes/invoices/rows.csv", ROWS)
    project.suite()
    return project
