"""A project of many probes at the server, and `rebaseline run` on it without the start of a program.

    python benchmarks/speed/project.py ROOT [PROFILE]

runs the project in ROOT after a warm-up on its neighbour ROOT-warm and prints wall and CPU seconds as JSON; with
PROFILE it writes what cProfile saw there.
"""

from __future__ import annotations

import cProfile
import json
import sys
import time
from contextlib import nullcontext
from pathlib import Path

__all__ = ["write_project"]

_PROJECT = """\
[system]
name = "speed"

[targets.server]
type = "openai-compatible"
base_url = "{base_url}"
model = "bench"
concurrency = {at_once}
"""
_SUITE = """\
suite: {{id: speed, version: 1, kind: functional, owner: bench, layers: [model]}}
probes:
  each: rows.csv
  samples: {samples}
  user: "What is the total of invoice {{{{ number }}}}?"
assertions:
  - id: total-right
    claim: The total is 42.
    check: {{contains: "42"}}
    bar: {{at_least: 0.9}}
"""


def write_project(root: Path, base_url: str, *, probes: int, at_once: int, samples: int = 1) -> None:
    """Write a project of one suite into a folder, which is made.

    Args:
        root: The folder.
        base_url: The server's.
        probes: Probes, each worded differently.
        at_once: Calls at a time.
        samples: Replies to each probe.
    """
    suite = root / "probes" / "speed"
    suite.mkdir(parents=True)
    (root / "rebaseline.toml").write_text(_PROJECT.format(base_url=base_url, at_once=at_once), encoding="utf-8")
    (suite / "suite.yaml").write_text(_SUITE.format(samples=samples), encoding="utf-8")
    rows = "".join(f"p{number},{number}\n" for number in range(probes))
    (suite / "rows.csv").write_text("id,number\n" + rows, encoding="utf-8")


def _run(root: Path, model: str) -> None:
    from rebaseline.app.running import RunRequest, run_suites  # noqa: PLC0415 - loaded by the warm-up, off the clock
    from rebaseline.app.scoring import score_model  # noqa: PLC0415
    from rebaseline.app.workspace import open_workspace  # noqa: PLC0415

    workspace = open_workspace(root, {})
    run_suites(workspace, RunRequest(), lambda *_: None)
    if model:
        score_model(workspace, model)


def main(root: Path, model: str, profile: Path | None) -> None:
    """Run the warm-up, then the project, and print what the latter took; where a model is named, scored too."""
    _run(root.with_name(f"{root.name}-warm"), model)
    profiler = cProfile.Profile() if profile else None
    wall, cpu = time.perf_counter(), time.process_time()
    with profiler or nullcontext():
        _run(root, model)
    print(json.dumps({"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}))
    if profiler:
        profiler.dump_stats(str(profile))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]) if len(sys.argv) > 3 else None)
