"""Where the results database is: from the URL in the project file to a path on a local disk."""

from __future__ import annotations

import sys
from pathlib import Path, PurePath, PureWindowsPath

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from rebaseline.errors import ConfigurationError, StoreError

__all__ = ["database_path", "network_file_system", "refuse_network", "unc_server"]

_MOUNTS = Path("/proc/self/mountinfo")

# Two machines that share one of these do not share memory, on which SQLite's write-ahead log rests, and most of them
# do not keep its locks either. Not here: 9p and virtiofs. They show a virtual machine its host's disk: one kernel,
# one memory, and where that memory cannot be mapped SQLite itself says so.
_NETWORK = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "ncpfs", "afs", "coda", "davfs", "ceph", "glusterfs"),
        *("lustre", "beegfs", "gpfs", "orangefs", "pvfs2", "gfs2", "ocfs2", "wekafs"),
    }
)
_NETWORK_FUSE = frozenset(
    {
        *(
            "sshfs",
            "s3fs",
            "gcsfuse",
            "rclone",
            "davfs",
            "davfs2",
            "glusterfs",
            "ceph",
            "ceph-fuse",
            "juicefs",
            "goofys",
        ),
        *("blobfuse", "blobfuse2", "curlftpfs", "smbnetfs", "mount-s3", "moosefs", "mfs", "lizardfs", "seaweedfs"),
        *("cephfs", "gvfsd-fuse", "nfs", "hdfs"),
    }
)


def database_path(url: str, *, root: Path) -> Path:
    """Return the file that a database URL names.

    Args:
        url: `sqlite:///relative/to/root.db` or `sqlite:////absolute.db`.
        root: Folder of the project; a relative path starts there.

    Raises:
        ConfigurationError: It is no URL, names another kind of database, or no file. A password is never shown.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise _unusable("The store's URL cannot be read") from None
    if parsed.get_backend_name() != "sqlite" or parsed.drivername not in {"sqlite", "sqlite+pysqlite"}:
        raise _unusable(f"{_shown(parsed)!r} is no SQLite URL, and only SQLite is supported for now")
    if parsed.host or parsed.query:
        raise _unusable(f"{_shown(parsed)!r} has a host or options, which a store does not take")
    name = parsed.database
    if not name or name == ":memory:" or name.startswith("file:"):
        raise _unusable(f"{_shown(parsed)!r} names no file, and a store in memory would lose its replies")
    return (root / name).absolute()


def _shown(url: URL) -> str:
    return url.render_as_string(hide_password=True)


def _unusable(problem: str) -> ConfigurationError:
    return ConfigurationError(
        problem,
        where="[store] url",
        remedy='Write it as "sqlite:///.rebaseline/results.db", or with four slashes before an absolute path.',
    )


def refuse_network(path: Path) -> None:
    """Refuse a database on a file system that two machines could share.

    Raises:
        StoreError: The file system of `path` is a network one.
    """
    kind = _network_kind(path)
    if kind is None:
        return
    raise StoreError(
        f"The results database would lie on a network file system ({kind}), where SQLite cannot keep it safe",
        where=str(path),
        remedy="Point [store] url at a local disk. To hand replies on, copy the file when nothing runs.",
    )


def _network_kind(path: Path) -> str | None:
    server = unc_server(str(path))
    if server is not None:
        return f"the share \\\\{server}"
    if sys.platform != "linux":
        return None
    try:
        mounts = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return None  # no /proc: nothing is known against the disk
    return network_file_system(path.resolve(), mounts)


def unc_server(path: str) -> str | None:
    r"""Return the server that a Windows UNC path names, None for a local path.

    Examples:
        >>> unc_server(r"\\files\team\results.db"), unc_server(r"C:\work\results.db")
        ('files', None)
        >>> unc_server(r"\\?\C:\work\results.db"), unc_server(r"\\?\UNC\files\team\results.db")
        (None, 'files')
    """
    drive = PureWindowsPath(path).drive if path.startswith("\\\\") else ""
    parts = [part for part in drive.split("\\") if part]
    if parts[:1] in (["?"], ["."]):
        return parts[2] if parts[1:2] == ["UNC"] and len(parts) > 2 else None  # noqa: PLR2004 - \\?\UNC\server
    return parts[0] if parts else None


def network_file_system(path: PurePath, mountinfo: str) -> str | None:
    """Return the kind of network file system that `path` lies on, None where it is a local one.

    Args:
        path: Absolute, with links resolved.
        mountinfo: Text of Linux's `/proc/self/mountinfo` (proc(5)).
    """
    best, kind = -1, ""
    for line in mountinfo.splitlines():
        before, _, after = line.partition(" - ")
        fields = before.split(" ")
        if len(fields) < 5 or not after:  # noqa: PLR2004 - the mount point is the fifth field
            continue
        point = PurePath(_unescape(fields[4]))
        # A later mount on the same point covers an earlier one.
        if path.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), after.split(" ")[0]
    return kind if _is_network(kind) else None


def _unescape(field: str) -> str:
    for code, plain in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        field = field.replace(code, plain)
    return field


def _is_network(kind: str) -> bool:
    family, _, sub = kind.partition(".")
    return kind in _NETWORK or (family == "fuse" and sub in _NETWORK_FUSE)
