from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from hashlib import sha1
from pathlib import Path
from typing import Any

import pytest

from posterity.errors import RefusedError, SourceError
from posterity.model import Framing
from posterity.sources import ReadOptions, open_sources
from posterity.sources.publicinbox import git_environment

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="no git")
Letter = Callable[..., bytes]
Reader = Callable[..., Any]


class History:
    """Writes a repository commit by commit: each is a whole tree of files."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.script = bytearray()
        subprocess.run(["git", "init", "-q", "--bare", str(path)], check=True)

    def commit(self, files: dict[str, bytes]) -> None:
        self.script += (
            b"commit refs/heads/master\n"
            b"committer Ann <ann@example.org> 884000000 +0000\ndata 1\nx\ndeleteall\n"
        )
        for name, octets in files.items():
            self.script += b"M 100644 inline %b\ndata %d\n%b\n" % (
                name.encode(), len(octets), octets,
            )  # fmt: skip

    def write(self) -> None:
        subprocess.run(
            ["git", f"--git-dir={self.path}", "fast-import", "--quiet"],
            input=bytes(self.script), check=True,
        )  # fmt: skip
        head = [
            "git",
            f"--git-dir={self.path}",
            "symbolic-ref",
            "HEAD",
            "refs/heads/master",
        ]
        subprocess.run(head, check=True)


def epoch(path: Path, commits: list[dict[str, bytes]]) -> Path:
    history = History(path)
    for files in commits:
        history.commit(files)
    history.write()
    return path


def v1_name(number: int) -> str:
    name = sha1(b"%d@example.org" % number).hexdigest()
    return f"{name[:2]}/{name[2:]}"


def test_p15_a_v2_inbox_is_one_source_of_its_epochs(
    read: Reader, tmp_path: Path, letter: Letter
) -> None:
    """P15: every `m` in order; epochs by number; databases beside them are no mail."""
    inbox = tmp_path / "inbox"
    epoch(inbox / "git/0.git", [{"m": letter(1)}, {"m": letter(2).replace(b"\r\n", b"\n")}])
    epoch(inbox / "git/10.git", [{"m": letter(4)}])
    epoch(inbox / "git/2.git", [{"m": letter(3)}])
    subprocess.run(["git", "init", "-q", "--bare", str(inbox / "all.git")], check=True)
    (inbox / "msgmap.sqlite3").write_bytes(b"SQLite format 3\x00")
    (inbox / "inbox.lock").write_bytes(b"")

    found = read(inbox)

    assert [("public-inbox", "")] == found.names
    assert [letter(n) for n in (1, 2, 3, 4)] == found.messages
    assert [] == found.refused
    assert Framing.GIT is found.source.profile.dialect
    assert [b"C", b"L", b"C", b"C"] == [piece.line_ends for piece in found.pieces]
    assert found.pieces[0].member.endswith("/m")
    assert ("inbox", 3) == (found.source.name, len(found.source.batches))


def test_messages_taken_back_are_set_aside(
    read: Reader, tmp_path: Path, letter: Letter
) -> None:
    """`d` names the blob it deletes, also one of an earlier epoch; an option keeps it."""
    inbox = tmp_path / "inbox"
    epoch(
        inbox / "git/0.git",
        [{"m": letter(1)}, {"m": letter(2)}, {"m": letter(3)}, {"d": letter(2)}],
    )
    epoch(inbox / "git/1.git", [{"m": letter(4)}, {"d": letter(1)}])

    found = read(inbox)

    assert ["quarantined", "quarantined", "message", "message"] == found.kinds
    assert [letter(3), letter(4)] == found.messages
    assert [letter(1), letter(2)] == [piece.octets for piece in found.pieces[:2]]
    assert "taken back" in found.pieces[0].reason
    assert "2 of them taken back" in found.source.profile.evidence[0]
    kept = read(inbox, options=ReadOptions(keep_deleted=True))
    assert [letter(n) for n in (1, 2, 3, 4)] == kept.messages


def test_a_message_given_again_after_it_was_taken_back(
    read: Reader, tmp_path: Path, letter: Letter
) -> None:
    """Only the first one is set aside."""
    commits = [{"m": letter(1)}, {"d": letter(1)}, {"m": letter(1)}]

    found = read(epoch(tmp_path / "0.git", commits))

    assert ["quarantined", "message"] == found.kinds


def test_p15_a_v1_inbox_is_read(read: Reader, tmp_path: Path, letter: Letter) -> None:
    """P15: files named by SHA-1; a removed file is a message taken back."""
    one, two, three = ({v1_name(n): letter(n)} for n in (1, 2, 3))

    path = epoch(tmp_path / "inbox.git", [one, one | two, two, two | three])
    found = read(path)

    assert ["quarantined", "message", "message"] == found.kinds
    assert [letter(2), letter(3)] == found.messages
    assert found.pieces[1].member.endswith(v1_name(2))


def test_an_epoch_inside_a_folder_of_other_mail(
    read: Reader, tmp_path: Path, letter: Letter
) -> None:
    """A repository is not walked into; what stands beside it is read."""
    top = tmp_path / "mail"
    epoch(top / "old/lists.git", [{"m": letter(1)}])
    (top / "a.eml").write_bytes(letter(2))

    found = read(top)

    assert [("eml folder", ""), ("public-inbox", "old/lists.git")] == found.names
    assert [letter(2), letter(1)] == found.messages


def test_a_repository_of_code_is_refused(tmp_path: Path) -> None:
    """It is no public-inbox: said in one line."""
    path = epoch(tmp_path / "code.git", [{"README": b"x\n"}, {"README": b"y\n"}])

    with pytest.raises(
        RefusedError, match=r"\Acode\.git: a git repository that is no public"
    ):
        list(open_sources(path, spool=tmp_path))


def test_a_broken_repository_is_an_error_of_one_line(tmp_path: Path) -> None:
    """What git says is passed on."""
    path = tmp_path / "empty.git"
    subprocess.run(["git", "init", "-q", "--bare", str(path)], check=True)

    with pytest.raises(SourceError, match=r"\Aempty\.git: git failed: fatal") as caught:
        list(open_sources(path, spool=tmp_path))

    assert "\n" not in str(caught.value)


def test_an_object_that_is_missing_is_an_error(tmp_path: Path, letter: Letter) -> None:
    """A damaged repository is not passed over in silence."""
    path = epoch(tmp_path / "x.git", [{"m": letter(1)}])
    subprocess.run(
        ["git", f"--git-dir={path}", "unpack-objects", "-q"],
        stdin=next((path / "objects/pack").glob("*.pack")).open("rb")
        if list((path / "objects/pack").glob("*.pack")) else None,
        check=False,
    )  # fmt: skip
    blob = (
        subprocess.run(
            ["git", f"--git-dir={path}", "rev-parse", "master:m"],
            capture_output=True,
            check=True,
        )
        .stdout.decode()
        .strip()
    )
    loose = path / "objects" / blob[:2] / blob[2:]
    if not loose.exists():
        pytest.skip("objects are packed")
    loose.unlink()

    with pytest.raises(SourceError, match="git cannot give object"):
        list(open_sources(path, spool=tmp_path))


def test_without_git_one_line_says_what_to_do(
    tmp_path: Path, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that must be there, not a package."""
    path = epoch(tmp_path / "x.git", [{"m": letter(1)}])
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(SourceError, match=r"\Ax\.git: git is not installed; install it"):
        list(open_sources(path, spool=tmp_path))


def test_l2_a_repositorys_name_is_never_a_command(
    read: Reader, tmp_path: Path, letter: Letter
) -> None:
    """L2: arguments are lists; a name that a shell would run, or an option, is a name."""
    for name in ("$(touch ran).git", "--upload-pack=touch ran;.git", "`id`; x.git"):
        assert [letter(1)] == read(epoch(tmp_path / name, [{"m": letter(1)}])).messages
    assert not (tmp_path / "ran").exists()
    assert not Path("ran").exists()


def test_the_callers_git_settings_are_not_used(
    read: Reader, tmp_path: Path, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GIT_DIR and the like would point elsewhere."""
    path = epoch(tmp_path / "x.git", [{"m": letter(1)}])
    monkeypatch.setenv("GIT_DIR", str(tmp_path))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(tmp_path))

    assert [letter(1)] == read(path).messages


def test_batches_of_an_inbox(read: Reader, tmp_path: Path) -> None:
    """500 messages a batch; offsets run on over epochs."""
    commits = [{"m": b"Subject: %d\r\n\r\n" % n} for n in range(501)]
    inbox = tmp_path / "inbox"
    epoch(inbox / "git/0.git", commits)
    epoch(inbox / "git/1.git", [{"m": b"Subject: last\r\n\r\n"}])

    found = read(inbox)

    assert [500, 1, 1] == [len(list(batch.read())) for batch in found.source.batches]
    batches = found.source.batches
    assert [batch.end for batch in batches[:-1]] == [batch.start for batch in batches[1:]]


def test_a_blob_beyond_the_limit_is_set_aside(
    read: Reader, tmp_path: Path, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In chunks, with the reason; the others are read."""
    monkeypatch.setattr("posterity.sources.publicinbox.MESSAGE_LIMIT", 400)
    monkeypatch.setattr("posterity.sources.publicinbox.CHUNK", 300)
    commits = [{"m": letter(1, b"x" * 500)}, {"m": letter(2)}]

    found = read(epoch(tmp_path / "x.git", commits))

    assert [*["quarantined"] * 3, "message"] == found.kinds


def test_the_environment_has_no_caller_git_variables(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What git is started with: no fetching, no questions."""
    monkeypatch.setenv("GIT_SSH_COMMAND", "touch ran")
    environment = git_environment()

    assert "GIT_SSH_COMMAND" not in environment
    assert ("none", "0") == (
        environment["GIT_ALLOW_PROTOCOL"],
        environment["GIT_TERMINAL_PROMPT"],
    )
    assert os.environ["PATH"] == environment["PATH"]
