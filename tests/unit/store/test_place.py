from pathlib import Path, PurePosixPath

import pytest

from rebaseline.errors import ConfigurationError, StoreError
from rebaseline.store import place
from rebaseline.store.place import database_path, network_file_system, refuse_network, unc_server

MOUNTS = r"""22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /home rw - nfs4 files:/home rw
31 30 8:2 / /home/me/disk rw - xfs /dev/sdb1 rw
32 22 0:41 / /mnt/team\040share rw master:3 - cifs //files/team rw
33 22 0:42 / /mnt/ssh rw - fuse.sshfs me@host: rw
34 22 0:43 / /mnt/c rw - 9p drvfs rw
35 22 0:44 / /mnt/ntfs rw - fuseblk /dev/sdc1 rw
36 22 0:45 / /mnt/twice rw - nfs files:/a rw
37 36 8:3 / /mnt/twice rw - ext4 /dev/sdd1 rw
38 22 8:4 / /mnt/covered rw - ext4 /dev/sde1 rw
39 38 0:46 / /mnt/covered rw - ceph mon:/ rw
a line cut short
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/r.db", None),
        ("/home/me/r.db", "nfs4"),
        ("/home/me/disk/r.db", None),
        ("/homework/r.db", None),
        ("/mnt/team share/r.db", "cifs"),
        ("/mnt/ssh/deep/er/r.db", "fuse.sshfs"),
        ("/mnt/c/r.db", None),
        ("/mnt/ntfs/r.db", None),
        ("/mnt/twice/r.db", None),
        ("/mnt/covered/r.db", "ceph"),
    ],
)
def test_the_deepest_mount_decides(path, kind):
    assert network_file_system(PurePosixPath(path), MOUNTS) == kind


def test_nothing_is_known_against_a_disk_without_mounts():
    assert network_file_system(PurePosixPath("/r.db"), "") is None


@pytest.mark.parametrize(
    ("path", "server"),
    [
        (r"\\files\team\r.db", "files"),
        (r"\\?\UNC\files\team\r.db", "files"),
        (r"\\?\C:\r.db", None),
        (r"C:\r.db", None),
        ("/r.db", None),
        ("//posix/r.db", None),
    ],
)
def test_a_share_of_windows_is_told_by_its_path(path, server):
    assert unc_server(path) == server


def test_a_network_disk_is_refused_with_its_kind_and_a_way_out(tmp_path, monkeypatch):
    mounts = tmp_path / "mountinfo"
    mounts.write_text("30 22 0:40 / / rw - nfs4 files:/ rw\n")
    monkeypatch.setattr(place, "_MOUNTS", mounts)
    monkeypatch.setattr(place.sys, "platform", "linux")
    with pytest.raises(StoreError, match=r"r\.db: .*network file system \(nfs4\)") as caught:
        refuse_network(tmp_path / "r.db")
    assert "local disk" in caught.value.remedy
    monkeypatch.setattr(place, "_MOUNTS", tmp_path / "none")
    refuse_network(tmp_path / "r.db")


def test_relative_paths_start_at_the_project_and_absolute_ones_do_not(tmp_path):
    assert database_path("sqlite:///.rebaseline/r.db", root=tmp_path) == tmp_path / ".rebaseline/r.db"
    for name, written in (("a ü.db", "a ü.db"), ("a ü.db", "a%20%C3%BC.db"), ("50%.db", "50%25.db")):
        url = f"sqlite:///{tmp_path.as_posix()}/{written}"
        assert database_path(url, root=Path("elsewhere")) == tmp_path / name


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:hunter2@db/results",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///r.db?mode=ro",
        "sqlite:///file:r.db",
        "sqlite+aiosqlite:///r.db",
        "sqlite://host/r.db",
        "hunter2",
        "",
    ],
)
def test_a_url_that_cannot_be_used_is_refused_without_showing_a_password(url, tmp_path):
    with pytest.raises(ConfigurationError) as caught:
        database_path(url, root=tmp_path)
    assert "hunter2" not in str(caught.value)
    assert "sqlite:///" in caught.value.remedy
    assert caught.value.where == "[store] url"
