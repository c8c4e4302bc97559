"""What `rebaseline run` adds to the time that a provider takes, beside bare loops of clients, all in one run.

    python benchmarks/run_speed.py [--calls N] [--repeats N] [--peers [FOLDER ...]] [--profile FILE]

A server in a process of its own answers after 50 ms; 64 are asked at once. So calls / 64 x 50 ms is the physical limit.
Every row has a server to itself, the rows change places in each repeat, and medians are printed with the range of
the repeats. CPU is the client's, user and system, children included.

Rows of loops leave out the start of Python and imports; rows of commands hold everything. `rebaseline run` stores
every reply on the disk. The second table is peak memory, at a server that answers after 5 ms.

With --peers other harnesses are asked to do the same, those of them that are installed; they are looked for in the
given folders, such as an environment's `bin`, and on the PATH. See `speed/peers.py`.
"""

from __future__ import annotations

import argparse
import json
import os
import pstats
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from speed.clients import ROWS, installed
from speed.peers import PEERS, Job, Peer, found, version_of
from speed.project import write_project
from speed.server import MODEL, Server, serving

_HERE = Path(__file__).parent / "speed"
_AT_ONCE = 64
_WAIT_MS = 50.0
_MEMORY_WAIT_MS = 5.0
_REBASELINE = (sys.executable, "-m", "rebaseline")
_BASE = "openai SDK, as documented"
_AIM_SECONDS, _AIM_MIB = 3.2, 20.0


@dataclass(frozen=True, slots=True)
class _Took:
    """What one repeat of a row took.

    Attributes:
        wall: Seconds on the clock.
        cpu: Seconds of CPU of the client.
        peak_mib: Peak memory of the largest process; 0 where it was not asked for.
    """

    wall: float
    cpu: float
    peak_mib: float = 0.0


_Row = Callable[[Server, int], _Took]
"""Asks a server so many times."""


def _command(
    command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
) -> tuple[_Took, int, str]:
    """Run a command to its end: what it took, its exit code, and what it said."""
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        words = said.read().decode(errors="replace")
    mib = usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    return _Took(wall, usage.ru_utime + usage.ru_stime, mib), process.returncode, words


def _checked(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> _Took:
    took, code, words = _command(command, folder, environment)
    if code != 0:
        sys.exit(f"{' '.join(command)} ended with {code}:\n{words[-2000:]}")
    return took


def _loop(name: str, server: Server, calls: int) -> _Took:
    command = [sys.executable, str(_HERE / "clients.py"), name, server.base_url, str(calls), str(_AT_ONCE)]
    said = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    return _Took(said["wall"], said["cpu"])


def _in_process(server: Server, calls: int, profile: Path | None = None, *, score: bool = False) -> _Took:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        write_project(root, server.base_url, probes=calls, at_once=_AT_ONCE)
        write_project(root.with_name("project-warm"), server.base_url, probes=1, at_once=_AT_ONCE)
        command = [sys.executable, str(_HERE / "project.py"), str(root), MODEL if score else ""]
        command += [str(profile)] if profile else []
        said = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    return _Took(said["wall"], said["cpu"])


def _run(server: Server, calls: int, *, score: bool = False, samples: int = 1) -> _Took:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        write_project(root, server.base_url, probes=calls // samples, at_once=_AT_ONCE, samples=samples)
        run = _checked([*_REBASELINE, "run"], root)
        if not score:
            return run
        scored = _checked([*_REBASELINE, "score", "--model", MODEL], root)
    return _Took(run.wall + scored.wall, run.cpu + scored.cpu, max(run.peak_mib, scored.peak_mib))


def _peer(peer: Peer, program: str, server: Server, calls: int) -> _Took:
    with tempfile.TemporaryDirectory() as folder:
        job = Job(Path(folder), server.base_url, calls, _AT_ONCE)
        return _checked([program, *peer.write(job)], job.root, peer.environment_of(job))


def _rows(peers: Mapping[str, _Row]) -> dict[str, _Row]:
    loops: dict[str, _Row] = {name: partial(_loop, name) for name in ROWS if installed(name)}
    return {
        **loops,
        "rebaseline, in a running Python": _in_process,
        "the same, and scored": partial(_in_process, score=True),
        "rebaseline run": _run,
        "rebaseline run, then score": partial(_run, score=True),
        **peers,
    }


def _installed_peers(folders: Sequence[Path]) -> dict[str, _Row]:
    rows: dict[str, _Row] = {}
    for peer in PEERS:
        program = found(peer, folders)
        if program is None:
            print(f"{peer.program}: not installed")
            continue
        with tempfile.TemporaryDirectory() as folder:
            name = f"{peer.program} {version_of(peer, program, Path(folder))}"
        rows[name] = partial(_peer, peer, program)
    return rows


def _measure(rows: Mapping[str, _Row], calls: int, repeats: int) -> None:
    """Take every row in turn, so often, and print the table."""
    took: dict[str, list[_Took]] = {name: [] for name in rows}
    servers: list[float] = []
    names = list(rows)
    for repeat in range(repeats):
        first = repeat * len(names) // repeats
        for name in names[first:] + names[:first]:
            with serving(_WAIT_MS) as server:
                took[name].append(rows[name](server, calls))
            servers.append(server.cpu_seconds)
            if server.answered < calls:
                sys.exit(f"{name} asked {server.answered:,} times, not {calls:,}")
    limit = calls / _AT_ONCE * _WAIT_MS / 1000
    sdk = statistics.median(each.wall for each in took[_BASE])
    print(
        f"\n{calls:,} calls, {_AT_ONCE} at once, answered after {_WAIT_MS:.0f} ms; {repeats} repeats; "
        f"physical limit {limit:.2f} s; the server's own CPU: at most {max(servers):.2f} s"
    )
    print(f"{'':37} {'wall s':>7} {'(range)':>15} {'CPU s':>7} {'x limit':>8} {'x SDK':>7}")
    for name, each in took.items():
        walls = [one.wall for one in each]
        wall, cpu = statistics.median(walls), statistics.median(one.cpu for one in each)
        span = f"({min(walls):.2f}-{max(walls):.2f})"
        print(f"{name:37} {wall:7.2f} {span:>15} {cpu:7.2f} {wall / limit:8.2f} {wall / sdk:7.2f}")
    print(f"aim: `rebaseline run` within {_AIM_SECONDS} s at 2,000 calls, and no slower than the SDK's bare loop")


def _memory(few: int, many: int) -> None:
    """Print the peak memory of runs of few and of many replies."""
    print(
        f"\npeak memory of `rebaseline run`, answered after {_MEMORY_WAIT_MS:.0f} ms (aim: within {_AIM_MIB:.0f} MiB)"
    )
    least = 0.0
    times = many // few
    for calls, samples in ((few, 1), (many, times), (many, 1)):
        with serving(_MEMORY_WAIT_MS) as server:
            took = _run(server, calls, samples=samples)
        least = least or took.peak_mib
        print(
            f"{calls // samples:>7,} probes x {samples:<3} {took.peak_mib:5.0f} MiB  {took.peak_mib - least:+5.0f} MiB"
            f"  {took.wall:6.2f} s"
        )


def _profile(calls: int, path: Path) -> None:
    with serving(_WAIT_MS) as server:
        _in_process(server, calls, path)
    pstats.Stats(str(path)).sort_stats("tottime").print_stats(30)


def main() -> None:
    """Measure what the arguments say and print the tables."""
    parser = argparse.ArgumentParser(description="Speed of `rebaseline run` beside bare loops of clients.")
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--many", type=int, default=20_000, help="replies of the larger runs of the memory table")
    parser.add_argument("--peers", type=Path, nargs="*", metavar="FOLDER", help="measure installed peers too")
    parser.add_argument("--profile", type=Path, metavar="FILE", help="profile one run in this process only")
    chosen = parser.parse_args()
    if chosen.profile:
        _profile(chosen.calls, chosen.profile)
        return
    peers = {} if chosen.peers is None else _installed_peers(chosen.peers)
    _measure(_rows(peers), chosen.calls, chosen.repeats)
    _memory(chosen.calls, chosen.many)


if __name__ == "__main__":
    main()
