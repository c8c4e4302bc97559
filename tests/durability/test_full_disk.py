"""Where the disk is full, a run says so and ends; with room made, the same command completes it."""

from __future__ import annotations

import contextlib
import subprocess
import sys

import pytest
from tests.support.ledger_project import LedgerProject
from tests.support.ledger_server import LedgerServer

pytestmark = pytest.mark.slow

KIB = 1024


@contextlib.contextmanager
def small_disk(folder, kib: int):
    """Put a disk of so many KiB on the folder, where that is allowed; give what makes it larger."""

    def mount(*options: str) -> bool:
        command = ["mount", "-t", "tmpfs", "-o", ",".join(options), "none", str(folder)]
        try:
            return subprocess.run(command, capture_output=True, check=False).returncode == 0
        except FileNotFoundError:
            return False

    folder.mkdir()
    if sys.platform != "linux" or not mount(f"size={kib}k"):
        pytest.skip("mounting a small disk needs Linux and the right to mount")
    try:
        yield lambda larger_kib: mount("remount", f"size={larger_kib}k")
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def assert_says_so(run, project: LedgerProject) -> None:
    """It ends with 2, names the file and says what to do; nothing that it counted as done is lost."""
    assert run.wait() == 2, run.said
    assert "Traceback" not in run.said
    assert str(project.store) in run.said
    assert "disk is full" in run.said.replace("of the results database ", "")
    assert "Make room" in run.said
    assert "same command" in run.said
    assert len(project.replies()) >= max(run.told, default=0)


def assert_completes(nursery, project: LedgerProject) -> None:
    kept, calls = project.replies(), len(project.server.calls)
    run = nursery.start(project.root, "run")
    assert run.wait() == 0, run.said
    assert kept.items() <= project.replies().items()
    project.assert_complete()
    assert len(project.server.calls) - calls <= len(project.cells) - len(kept) + 1


@pytest.mark.parametrize("kib", [0.5, 8, 48, 72, 300, 1000])
def test_a_bound_on_the_size_of_files_is_told_and_nothing_is_lost(nursery, tmp_path, kib):
    """From the first page on, to the middle of the run: a quota is met in the same way."""
    with LedgerServer(padding=20_000) as server:
        project = LedgerProject(tmp_path, server)
        assert_says_so(nursery.start(project.root, "run", room=int(kib * KIB)), project)
        assert_completes(nursery, project)


@pytest.mark.parametrize("kib", [8, 40, 80, 128, 160, 600, 1200])
def test_a_full_disk_is_told_and_nothing_is_lost(nursery, tmp_path, kib):
    with LedgerServer(padding=20_000) as server:
        project = LedgerProject(tmp_path, server)
        with small_disk(project.store.parent, kib) as enlarge:
            assert_says_so(nursery.start(project.root, "run"), project)
            assert enlarge(20_000)
            assert_completes(nursery, project)


def test_what_is_stored_can_be_read_on_a_full_disk(nursery, tmp_path):
    with LedgerServer() as server:
        project = LedgerProject(tmp_path, server, probes=20, samples=1)
        with small_disk(project.store.parent, 400):
            assert_completes(nursery, project)
            filler = project.store.with_name("filler")
            with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
                while file.write(b"x" * 4096):
                    pass
            run = nursery.start(project.root, "models")
            code = run.wait()
            assert "Traceback" not in run.said
            assert (code, "Make room" in run.said) in {(0, False), (2, True)}, run.said
            filler.unlink()
            assert_completes(nursery, project)
