"""A project whose probes are asked of a `LedgerServer`, and what its database holds, held against the ledger."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.support.ledger_server import LedgerServer

__all__ = ["CONCURRENCY", "LedgerProject", "StoredCell"]

CONCURRENCY = 8

_PROJECT = """
[system]
name = "ledger"
stage = "prototype"
owner = "durability"

[run]
concurrency = {concurrency}

[targets.app]
type = "openai-compatible"
base_url = "{base_url}"
model = "alias"
timeout_seconds = {timeout_seconds}
"""

_SUITE = """
suite: {{id: ledger, version: 1, kind: functional, owner: durability, layers: [model]}}
probes:
  each: rows.csv
  samples: {samples}
  user: "{{{{ text }}}}"
assertions:
  - id: answers
    claim: It answers.
    check: {{contains: reply}}
    bar: {{at_least: 0.5}}
    controls: {{passes: [reply], fails: [nothing]}}
"""


@dataclass(frozen=True)
class StoredCell:
    """One row of the database; `text` is None where it is no reply."""

    probe: str
    sample: int
    outcome: str
    text: str | None


class LedgerProject:
    """A folder with one suite of `probes` probes, `samples` askings each, aimed at the server."""

    def __init__(
        self, root: Path, server: LedgerServer, *, probes: int = 40, samples: int = 3, timeout_seconds: float = 30
    ) -> None:
        self.root = root
        self.server = server
        self.cells = {(f"p-{number:03}", sample) for number in range(probes) for sample in range(samples)}
        names = sorted({probe for probe, _ in self.cells})
        (root / "probes/ledger").mkdir(parents=True, exist_ok=True)
        rows = "".join(f"{name},probe {name}\n" for name in names)
        (root / "probes/ledger/rows.csv").write_text(f"id,text\n{rows}")
        (root / "probes/ledger/suite.yaml").write_text(_SUITE.format(samples=samples))
        settings = {"concurrency": CONCURRENCY, "base_url": server.base_url, "timeout_seconds": timeout_seconds}
        (root / "rebaseline.toml").write_text(_PROJECT.format(**settings))

    @property
    def store(self) -> Path:
        """The database file."""
        return self.root / ".rebaseline" / "results.db"

    def stored(self) -> list[StoredCell]:
        """Return what the database holds and check that it is sound, on a copy: the next run must mend the original."""
        if not self.store.exists():
            return []
        with tempfile.TemporaryDirectory() as folder:
            for path in self.store.parent.glob("results.db*"):
                shutil.copy(path, folder)
            with contextlib.closing(sqlite3.connect(Path(folder) / "results.db")) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
                if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'attempts'").fetchall():
                    return []
                rows = connection.execute("SELECT probe, sample, outcome, text FROM attempts WHERE suite = 'ledger'")
                return [StoredCell(*row) for row in rows]

    def replies(self) -> dict[tuple[str, int], str]:
        """Return the stored replies by cell, once each is found to be one that the server sent, and to this probe."""
        cells = [cell for cell in self.stored() if cell.outcome == "answered"]
        sent = self.server.sent
        for cell in cells:
            assert cell.text in sent, f"{cell} was never sent"
            assert sent[cell.text].prompt == f"probe {cell.probe}", f"{cell} is another probe's"
        assert not [text for text, count in Counter(cell.text for cell in cells).items() if count > 1]
        by_cell = {(cell.probe, cell.sample): cell.text or "" for cell in cells}
        assert len(by_cell) == len(cells), "a cell is stored twice"
        assert by_cell.keys() <= self.cells
        return by_cell

    def assert_complete(self) -> None:
        """Every cell has its reply, once, and nothing else is stored."""
        assert self.replies().keys() == self.cells
        assert {cell.outcome for cell in self.stored()} == {"answered"}
