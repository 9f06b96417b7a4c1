"""The world fails: disks fill, files are cut, others come between (robustness rows R4-R20)."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.durability.conftest import SAMPLE, World, site_of, tables_of

from posterity.executor import HEARTBEAT

FAILED = 1
COMMAND = [sys.executable, "-m", "posterity.cli"]
Put = Callable[[Path], Path]


def one_line(text: str) -> bool:
    """Whether a failure was told in one line of ours, without a traceback."""
    return (
        "Traceback" not in text and text.count("\n") <= 1 and text.startswith("posterity: ")
    )


# -- R4: power is lost


@pytest.mark.parametrize("kept", [0, 40], ids=["empty", "torn"])
def test_r4_derived_files_cut_short_by_a_power_loss_are_made_again(
    world: World,
    built: Put,
    second_part: Path,
    grown: dict[str, str],
    tmp_path: Path,
    kept: int,
) -> None:
    """What was renamed but never reached the disk is derived again, not believed."""
    torn = built(tmp_path)
    for path in (torn / "A" / "shingles").iterdir():
        os.truncate(path, kept)
    outcome = world.build(torn, second_part)
    assert outcome.status == 0, outcome.text
    assert grown == site_of(torn)


def test_r4_an_accession_that_lost_its_log_opens_with_the_last_batch_missing(
    world: World, built: Put, second_part: Path, grown: dict[str, str], tmp_path: Path
) -> None:
    """An import whose log was torn is as if it had not been: the source is read again."""
    folder = built(tmp_path / "a")
    calls = world.build(tmp_path / "b", second_part).calls
    world.run("import", second_part, "--archive", folder / "A", die_at=calls // 3)
    time.sleep(4 * HEARTBEAT)  # no power loss leaves a worker behind, as a kill does
    logs = list((folder / "A").glob("*-wal"))
    for log in logs:
        os.truncate(log, log.stat().st_size // 2)
    assert logs
    assert world.run("verify", "--archive", folder / "A").status == 0
    assert world.build(folder, second_part).status == 0
    assert grown == site_of(folder)


# -- R5, R7, R8: no room, no handles, no permission


@pytest.mark.parametrize("at", [1, 2, 10, 40, 80])
def test_r5_a_full_disk_is_told_and_the_old_site_stands(
    world: World,
    built: Put,
    second_part: Path,
    grown: dict[str, str],
    tmp_path: Path,
    at: int,
) -> None:
    """The site is as it was; with room again the same command completes it."""
    folder = built(tmp_path)
    then = site_of(folder)
    outcome = world.build(folder, second_part, full_at=at)
    if outcome.status == 0:
        pytest.skip(f"fewer than {at} writes")
    assert outcome.status == FAILED
    assert one_line(outcome.text)
    assert "No space left on device" in outcome.text
    assert site_of(folder) == then
    assert world.build(folder, second_part).status == 0
    assert grown == site_of(folder)


@pytest.mark.parametrize("size", [4_096, 40_000, 100_000])
def test_r5_files_that_may_not_grow_are_told(
    world: World, first_part: Path, tmp_path: Path, size: int
) -> None:
    """The databases meet the limit too: one line, and a later run completes."""
    outcome = world.build(tmp_path, first_part, limits={"FSIZE": size})
    assert outcome.status == FAILED
    assert one_line(outcome.text), outcome.text
    assert world.build(tmp_path, first_part).status == 0
    assert world.run("verify", "--archive", tmp_path / "A").status == 0


@pytest.mark.parametrize("handles", [8, 10, 12, 14, 32])
def test_r7_too_few_file_handles_are_told(
    world: World, first_part: Path, tmp_path: Path, handles: int
) -> None:
    """Done, or one line; never half a site."""
    outcome = world.build(tmp_path, first_part, limits={"NOFILE": handles})
    assert outcome.status == 0 or one_line(outcome.text), outcome.text
    assert (outcome.status == 0) == (tmp_path / "S").exists()
    assert world.build(tmp_path, first_part).status == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_r8_a_folder_that_may_not_be_written_is_told(
    world: World, first_part: Path, tmp_path: Path
) -> None:
    """One line; nothing partial."""
    tmp_path.chmod(0o500)
    outcome = world.build(tmp_path, first_part)
    assert outcome.status == FAILED
    assert one_line(outcome.text)
    tmp_path.chmod(0o700)
    assert list(tmp_path.iterdir()) == []


# -- R9, R10: others at the same time


def test_r9_of_two_updates_at_once_one_is_refused(
    world: World, built: Put, second_part: Path, tmp_path: Path
) -> None:
    """The refused one says so in a line; run afterwards, it gives what it would have."""
    folder = built(tmp_path)
    command = [*COMMAND, "import", str(SAMPLE), "--archive", str(folder / "A")]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as other:
        other.send_signal(signal.SIGSTOP)
        holding = _waits_with_lock(other, folder / "A" / "lock")
        outcome = world.build(folder, second_part)
        other.send_signal(signal.SIGCONT)
        other.communicate(timeout=60)
    assert holding
    assert outcome.status == FAILED
    assert "another posterity is writing" in outcome.text
    assert one_line(outcome.text)
    assert world.build(folder, second_part).status == 0


def _waits_with_lock(process: subprocess.Popen[bytes], lock: Path) -> bool:
    """Let a process run in slices until it holds the lock, and stop it there."""
    inode = str(lock.stat().st_ino)
    for _ in range(600):
        process.send_signal(signal.SIGCONT)
        time.sleep(0.01)
        process.send_signal(signal.SIGSTOP)
        held = [
            line.split() for line in Path("/proc/locks").read_text("ascii").splitlines()
        ]
        if any(str(process.pid) in line and inode in line[-3] for line in held):
            return True
    return False


def test_r10_readers_during_an_update_meet_whole_pages(
    built: Put, second_part: Path, tmp_path: Path
) -> None:
    """Each page is the old one or the new one, and none that stays is ever missing."""
    folder = built(tmp_path)
    site = folder / "S"
    old = {path: (site / path).read_bytes() for path in site_of(folder)}
    places = ["--archive", str(folder / "A"), "--site", str(site)]
    chance = random.Random(1996)
    seen: dict[str, set[bytes]] = {path: set() for path in old}
    missing: set[str] = set()
    paths = sorted(old)
    with subprocess.Popen(
        [*COMMAND, "build", str(second_part), *places], stderr=subprocess.DEVNULL
    ) as update:
        while update.poll() is None:
            path = chance.choice(paths)
            try:
                seen[path].add((site / path).read_bytes())
            except FileNotFoundError:
                missing.add(path)
    new = {path: (site / path).read_bytes() for path in site_of(folder)}
    assert not missing & new.keys()
    for path, contents in seen.items():
        assert contents <= {old[path], new.get(path)}
    assert sum(map(len, seen.values())) > len(paths) // 4


# -- R12, R13, R19: files of the archive, harmed or moved


def _catalogue_gone(path: Path) -> None:
    path.unlink()


def _catalogue_garbage(path: Path) -> None:
    for log in path.parent.glob("catalogue.db-*"):
        log.unlink()
    path.write_bytes(b"not a database" * 500)


def _catalogue_of_another_version(path: Path) -> None:
    database = sqlite3.connect(path)
    database.execute("UPDATE meta SET value = 99 WHERE key = 'version'")
    database.commit()
    database.close()


@pytest.mark.parametrize(
    "harm", [_catalogue_gone, _catalogue_garbage, _catalogue_of_another_version]
)
def test_r12_a_catalogue_that_cannot_be_used_is_made_again(
    world: World, built: Put, tmp_path: Path, harm: object
) -> None:
    """The accession is not touched; the site is what it was."""
    built(tmp_path)
    then = site_of(tmp_path)
    accession = (tmp_path / "A" / "accession.db").read_bytes()
    assert callable(harm)
    harm(tmp_path / "A" / "catalogue.db")
    outcome = world.run("site", "--archive", tmp_path / "A", "--site", tmp_path / "S")
    assert outcome.status == 0, outcome.text
    assert site_of(tmp_path) == then
    assert (tmp_path / "A" / "accession.db").read_bytes() == accession


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_r12_a_torn_catalogue_is_made_again_or_refused_plainly(
    world: World, built: Put, tmp_path: Path, share: float
) -> None:
    """Wherever it is torn: the same site, or one line that names who knows the way."""
    built(tmp_path)
    then = site_of(tmp_path)
    path = tmp_path / "A" / "catalogue.db"
    begin = int(share * path.stat().st_size)
    with path.open("r+b") as file:
        file.seek(begin)
        file.write(b"\xff" * 20_000)
    places = ["--archive", tmp_path / "A", "--site", tmp_path / "S"]
    doctor = world.run("doctor", *places)
    assert doctor.status == FAILED
    assert "catalogue.db" in doctor.text
    assert "`posterity site` makes it again" in doctor.text
    outcome = world.run("site", *places)
    if outcome.status == FAILED:
        assert one_line(outcome.text), outcome.text
        assert "posterity doctor" in outcome.text
    assert site_of(tmp_path) == then
    path.unlink()
    assert world.run("site", *places).status == 0
    assert site_of(tmp_path) == then
    assert world.run("doctor", *places).status == 0


def test_r12_a_newer_accession_is_refused_plainly(
    world: World, built: Put, tmp_path: Path
) -> None:
    """One line that says what to do; nothing is changed."""
    built(tmp_path)
    path = tmp_path / "A" / "accession.db"
    database = sqlite3.connect(path)
    database.execute("UPDATE meta SET value = 99 WHERE key = 'format'")
    database.commit()
    database.close()
    octets = path.read_bytes()
    for command in ("status", "verify", "doctor", "ledger"):
        outcome = world.run(command, "--archive", tmp_path / "A")
        assert outcome.status == FAILED
        assert "update posterity" in outcome.text
        assert one_line(outcome.text), outcome.text
    assert path.read_bytes() == octets


def test_r19_an_archive_copied_elsewhere_gives_the_same_site(
    world: World, built: Put, tmp_path: Path
) -> None:
    """Another path, another owner of the folder: verify is green, pages are equal."""
    here, there = built(tmp_path / "here"), tmp_path / "there"
    shutil.copytree(here / "A", there / "A")
    assert world.run("verify", "--archive", there / "A").status == 0
    site = world.run("site", "--archive", there / "A", "--site", there / "S")
    assert site.status == 0
    assert site_of(here) == site_of(there)


def test_r19_an_accession_backed_up_while_an_import_runs_can_be_restored(
    world: World, built: Put, tmp_path: Path
) -> None:
    """`VACUUM INTO`, as the operating manual advises, at any moment: whole, and verified."""
    folder = built(tmp_path / "a")
    restored = tmp_path / "restored" / "A"
    restored.mkdir(parents=True)
    places = ["--archive", str(folder / "A"), "--site", str(folder / "S")]
    with subprocess.Popen([*COMMAND, "build", str(SAMPLE), *places], stderr=-3) as update:
        time.sleep(0.5)
        database = sqlite3.connect(folder / "A" / "accession.db", timeout=20)
        database.execute("VACUUM INTO ?", (str(restored / "accession.db"),))
        database.close()
        update.wait(60)
    shutil.copy(folder / "A" / "posterity.toml", restored)
    assert world.run("verify", "--archive", restored).status == 0
    again = world.build(restored.parent, SAMPLE)
    assert again.status == 0
    assert site_of(folder) == site_of(restored.parent)


# -- R16, R17: who works where and when


def test_r16_any_number_of_workers_makes_the_same_site(
    world: World, first_part: Path, tmp_path: Path
) -> None:
    """1, 2 and 8 workers: the same octets and the same rows."""
    found = []
    for jobs in (1, 2, 8):
        folder = tmp_path / str(jobs)
        assert world.build(folder, first_part, jobs=jobs).status == 0
        found.append((site_of(folder), tables_of(world, folder)))
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize(
    "world_like",
    [
        {"LC_ALL": "C", "TZ": "Pacific/Chatham", "PYTHONHASHSEED": "1"},
        {"LC_ALL": "tr_TR.UTF-8", "TZ": "America/St_Johns", "PYTHONHASHSEED": "4242"},
        {"LANG": "ja_JP.eucJP", "TZ": "Asia/Kathmandu", "PYTHONUTF8": "0"},
    ],
    ids=["c", "tr", "ja"],
)
def test_r17_locale_zone_and_hash_seed_change_nothing(
    built: Put, first_part: Path, tmp_path: Path, world_like: dict[str, str]
) -> None:
    """The same site under another locale, zone and order of hashes."""
    plain, other = built(tmp_path / "plain"), tmp_path / "other"
    places = ["--archive", str(other / "A"), "--site", str(other / "S")]
    subprocess.run(
        [*COMMAND, "build", str(first_part), *places],
        check=True,
        capture_output=True,
        env={**os.environ, **world_like},
    )
    assert site_of(plain) == site_of(other)


@pytest.mark.parametrize("now", [0.0, 4_070_908_800.0], ids=["1970", "2099"])
def test_r17_the_clock_changes_nothing(
    world: World, built: Put, first_part: Path, tmp_path: Path, now: float
) -> None:
    """The same site whenever it is made."""
    plain, other = built(tmp_path / "plain"), tmp_path / "other"
    assert world.build(other, first_part, clock=now).status == 0
    assert site_of(plain) == site_of(other)


# -- R20: a worker dies


def test_r20_a_worker_that_is_killed_is_told_and_the_next_run_completes(
    world: World, tmp_path: Path
) -> None:
    """As by a system out of memory: one line, no half site; nothing is lost."""
    places = ["--archive", str(tmp_path / "A"), "--site", str(tmp_path / "S")]
    with subprocess.Popen(
        [*COMMAND, "build", str(SAMPLE), *places, "--jobs", "2"],
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        os.kill(_a_child_of(running.pid), signal.SIGKILL)
        _, text = running.communicate(timeout=60)
    assert running.returncode == FAILED
    assert one_line(text), text
    assert "worker" in text
    assert not (tmp_path / "S").exists()
    assert world.build(tmp_path, SAMPLE).status == 0


def _a_child_of(parent: int) -> int:
    """The first worker of a process, once there is one."""
    children = Path(f"/proc/{parent}/task/{parent}/children")
    for _ in range(500):
        found = children.read_text("ascii").split()
        if found:
            return int(found[0])
        time.sleep(0.02)
    raise AssertionError("no worker was started")
