"""How long ten thousand probes in a CSV table take to load. Aim: under a second; bound: two.

Run it with `python benchmarks/load_table.py [rows]`.
"""

from __future__ import annotations

import csv
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rebaseline.domain.canonical import fingerprint
from rebaseline.domain.suite import CheckSpec
from rebaseline.load import load_suite

SUITE = """
suite: {id: big, version: 1, kind: functional, owner: bench, layers: [model]}
vars: {house: Return JSON.}
probes:
  each: rows.csv
  system: "{{ house }} Be brief."
  user: "Return JSON with key total.\\n{{ text }}"
  tags: ["{{ topic }}", all]
  parameters: {temperature: 0, max_tokens: 200}
assertions:
  - {id: total, claim: The total is right., on: all, check: {equals: "{{ reference }}"}}
  - {id: named, claim: The topic is named., on: topic-3, check: {equals: "{{ topic }}"}}
"""


class OneCheck:
    """Enough grammar for the suite above, so that loading alone is timed."""

    names = ("equals",)

    def parse(self, raw: Mapping[str, Any]) -> CheckSpec:
        """Return the check."""
        return CheckSpec("equals", raw["equals"], fingerprint=fingerprint(dict(raw)))

    def argument_schema(self, name: str) -> Mapping[str, Any]:
        """Return a schema that takes everything."""
        return {"title": name}


def main() -> None:
    """Time three loads of a fresh table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "big.yaml").write_text(SUITE, encoding="utf-8")
        with (folder / "rows.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "text", "topic", "reference"])
            writer.writerows(
                [f"row-{i}", f"Invoice {i}, " + "goods and services " * 20, f"topic-{i % 7}", i] for i in range(count)
            )
        for _ in range(3):
            began = time.perf_counter()
            loaded = load_suite(folder / "big.yaml", OneCheck())
            seconds = time.perf_counter() - began
            assert len(loaded.suite.probes) == count
            print(f"{count:,} rows: {seconds:.2f} s, {seconds / count * 1e6:.0f} us a row")


if __name__ == "__main__":
    main()
