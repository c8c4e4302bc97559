"""Runs of the command line that start in milliseconds, to be killed: forked from a process that has loaded all of it.

What is killed is the program itself; only the second that Python takes to load it is saved.

    with Nursery() as nursery:
        run = nursery.start(folder, "run")
        run.kill()
        assert run.wait() == -signal.SIGKILL
"""

from __future__ import annotations

import functools
import json
import math
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

__all__ = ["Nursery", "Run"]

_LONGEST_SECONDS = 60.0


class Run:
    """One run: a process of its own."""

    def __init__(self, pid: int, output: Path, told: Path, ending: IO[bytes]) -> None:
        self.pid = pid
        self.code: int | None = None
        self._output = output
        self._told = told
        self._ending = ending

    @property
    def said(self) -> str:
        """What it printed so far, on both streams."""
        return self._output.read_text(encoding="utf-8")

    @property
    def told(self) -> list[int]:
        """How many attempts it counted as done, at each time that it told."""
        return [int(line) for line in self._told.read_text().split("\n")[:-1]]

    def ended(self, seconds: float = 0.0) -> bool:
        """Say whether it has ended, or does within so many seconds."""
        return self.code is not None or bool(select.select([self._ending], [], [], seconds)[0])

    def kill(self, number: int = 9) -> None:
        """Send a signal, SIGKILL unless told otherwise.

        Where it has ended already nothing happens: its id is kept until the next run.
        """
        os.kill(self.pid, number)

    def wait(self, seconds: float = _LONGEST_SECONDS) -> int:
        """Return its exit code, or minus the signal that ended it."""
        if self.code is None:
            self.code = _number(self._ending, seconds)
        return self.code


class Nursery:
    """Starts runs, one at a time."""

    def __enter__(self) -> Self:
        command = [sys.executable, str(Path(__file__).resolve())]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        self._run: Run | None = None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._run is not None and self._run.code is None:
            self._run.kill()
        with self._process:
            assert self._process.stdin is not None
            self._process.stdin.close()
            try:
                self._process.wait(10)
            finally:
                self._process.kill()

    def start(self, folder: Path, *arguments: str, **conditions: Any) -> Run:
        """Start `rebaseline` with these arguments in a folder.

        `dies_told` kills it in the moment in which it counts so many as done, `dies_beyond` as it writes beyond so many
        bytes of a file; `room` lets no file grow beyond so many; `wait_seconds` is how long it waits for a lock.
        `dies_at_step` kills it before its nth call that changes a folder or a file, half of what it writes written.
        """
        assert self._run is None or self._run.code is not None, "one at a time"
        output, told = (folder / f"{name}-{id(self)}.txt" for name in ("said", "told"))
        told.write_text("")
        order = {"folder": str(folder), "arguments": arguments, "output": str(output), "told": str(told), **conditions}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        self._run = Run(_number(self._process.stdout, _LONGEST_SECONDS), output, told, self._process.stdout)
        return self._run


def _number(lines: IO[bytes], seconds: float) -> int:
    ready, _, _ = select.select([lines], [], [], seconds)
    assert ready, f"nothing happened within {seconds} s"
    return int(lines.readline())


# From here on: in the process that is forked.


def _obey() -> None:
    """Fork a run for each line that comes in; say its id, and how it ended."""
    answers, finished = os.fdopen(os.dup(1), "w"), None
    for line in iter(sys.stdin.readline, ""):
        order = json.loads(line)
        if finished is not None:
            os.waitpid(finished, 0)
        # Held back until the run can take it: Python loses an interrupt that comes while it forks.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        pid = os.fork()
        if pid == 0:
            _run(order)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        print(pid, file=answers, flush=True)
        ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)  # its id stays taken, so that it can be killed late
        assert ended is not None
        print(ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status, file=answers, flush=True)
        finished = pid


def _run(order: dict[str, Any]) -> None:
    from rebaseline.cli.main import main  # noqa: PLC0415 - only where it is forked

    os.chdir(order["folder"])
    for descriptor, path, flags in ((0, os.devnull, os.O_RDONLY), *((n, order["output"], _CREATE) for n in (1, 2))):
        os.dup2(os.open(path, flags), descriptor)
    with _under(order):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        main(order["arguments"])


_CREATE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@contextmanager
def _under(order: dict[str, Any]) -> Iterator[None]:
    """Set what the order says about files and locks, and write down each time what is told to be done."""
    import resource  # noqa: PLC0415 - not on every system

    import rebaseline.app.workspace as opening  # noqa: PLC0415
    import rebaseline.cli.run_command as command  # noqa: PLC0415

    limit = order.get("dies_beyond") or order.get("room")
    if limit is not None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    if "dies_beyond" in order:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    if "dies_at_step" in order:
        _die_at_step(order["dies_at_step"])
    if "wait_seconds" in order:
        opening.open_store = functools.partial(opening.open_store, wait_seconds=order["wait_seconds"])
    told, run_suites = os.open(order["told"], os.O_WRONLY | os.O_APPEND), command.run_suites

    def watched(workspace: Any, request: Any, tell: Callable[..., None], *more: Any) -> Any:
        def both(*said: Any) -> None:
            progress = getattr(said[-1], "progress", said[-1])
            os.write(told, b"%d\n" % progress.done)
            if progress.done >= order.get("dies_told", math.inf):
                os.kill(os.getpid(), signal.SIGKILL)
            tell(*said)

        return run_suites(workspace, request, both, *more)

    command.run_suites = watched
    yield


def _die_at_step(last: int) -> None:
    """Count the calls by which Python changes files and folders. SQLite makes none of them."""
    count = 0

    def dying(name: str) -> Callable[..., Any]:
        call = getattr(os, name)

        def step(*arguments: Any, **more: Any) -> Any:
            nonlocal count
            count += 1
            if count == last:
                if name == "write":
                    call(arguments[0], arguments[1][: len(arguments[1]) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*arguments, **more)

        return step

    for name in ("write", "fsync", "rename", "replace", "mkdir", "unlink", "rmdir", "chmod"):
        setattr(os, name, dying(name))


if __name__ == "__main__":
    import rebaseline.app.running
    import rebaseline.cli.accept_command
    import rebaseline.cli.import_command
    import rebaseline.cli.repair_command
    import rebaseline.cli.retire_command
    import rebaseline.cli.run_command
    import rebaseline.store.migrate
    import rebaseline.targets.openai_compatible  # noqa: F401 - loaded once for all

    _obey()
