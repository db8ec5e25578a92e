"""`casearc web` as its users meet it: set up, back up, restore, unlock, serve and stop, each refusal in plain words."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest

PASSPHRASE = "seven made up words for a test"
ANOTHER = "quite another set of words"
COMMAND = [sys.executable, "-c", "from casearc_cli.main import main; main()", "web"]
USAGE = 2


@dataclass(frozen=True)
class Agency:
    """A folder in an empty home, and what was told when it was set up."""

    folder: Path
    told: str

    def run(self, *arguments: str, lines: tuple[str, ...] = (PASSPHRASE,)) -> subprocess.CompletedProcess[str]:
        """Run a command on it, with these lines as the passphrase file."""
        return casearc(self.folder.parent, *arguments, "--folder", str(self.folder), lines=lines)


def casearc(home: Path, *arguments: str, lines: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    given = ["--passphrase-file", "-"] if lines else []
    return subprocess.run(
        [*COMMAND, *arguments, *given],
        input="".join(f"{line}\n" for line in lines),
        capture_output=True,
        text=True,
        check=False,
        env=_environment(home),
    )


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "PYTHONPATH", "LANG"}}
    return {**kept, "HOME": str(home)}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Agency:
    home = tmp_path_factory.mktemp("home")
    done = casearc(
        home,
        *("init", "--agency", "Riverbend (made up)", "--state", "Nowhere"),
        *("--administrator", "ada", "--name", "Ada Made-up", "--shares", "2", "4"),
        lines=(PASSPHRASE,),
    )
    assert done.returncode == 0, done.stderr
    return Agency(home / "casearc", done.stdout)


@pytest.fixture
def agency(made: Agency, tmp_path: Path) -> Agency:
    shutil.copytree(made.folder, tmp_path / "casearc")
    return Agency(tmp_path / "casearc", made.told)


def shares_in(told: str) -> list[str]:
    """The phrases as they were printed, put together again as somebody would copy them."""
    found: list[list[str]] = []
    for line in told.splitlines():
        if line.startswith("  Share "):
            found.append([])
        elif found and line.startswith("    "):
            found[-1] += line.split()[1:]
    return [" ".join(words) for words in found]


def test_set_up_tells_shares_and_the_first_sign_in_and_hides_nothing_in_the_folder(made: Agency) -> None:
    assert len(shares_in(made.told)) == 4
    assert "user name  ada" in made.told
    assert "/invitation/" in made.told
    assert PASSPHRASE not in made.told
    assert sorted(path.name for path in made.folder.iterdir()) == [".in-use", "casearc.toml", "keys.json", "records.db"]
    for path in made.folder.iterdir():
        assert PASSPHRASE.encode() not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0


def test_a_second_set_up_is_refused(made: Agency) -> None:
    done = made.run("init", "--agency", "Other", "--state", "Nowhere", "--administrator", "x", "--name", "X")
    assert done.returncode == USAGE
    assert "already" in done.stderr


def test_a_weak_passphrase_leaves_nothing_behind(tmp_path: Path) -> None:
    asked = ("--agency", "R", "--state", "N", "--administrator", "ada", "--name", "Ada")
    done = casearc(tmp_path, "init", *asked, lines=("short",))
    assert done.returncode == USAGE
    assert "at least 14 characters, or at least 4 different words" in done.stderr
    assert not (tmp_path / "casearc").exists()


def test_without_a_terminal_it_says_which_options_to_give(tmp_path: Path) -> None:
    done = casearc(tmp_path, "init", lines=("x",))
    assert done.returncode == USAGE
    assert "--agency" in done.stderr


def test_a_passphrase_is_never_taken_from_an_argument_or_the_environment(agency: Agency) -> None:
    done = agency.run("audit", "verify", "--passphrase", PASSPHRASE, lines=())
    assert done.returncode == USAGE
    assert PASSPHRASE not in done.stdout + done.stderr


def test_backup_restore_and_verify(agency: Agency, tmp_path: Path) -> None:
    done = agency.run("backup", str(tmp_path / "backup"))
    assert done.returncode == 0, done.stderr
    other = Agency(tmp_path / "other", "")
    done = other.run("restore", str(tmp_path / "backup"))
    assert done.returncode == 0, done.stderr
    done = other.run("audit", "verify")
    assert done.returncode == 0, done.stderr
    assert "all sound" in done.stdout
    again = other.run("restore", str(tmp_path / "backup"))
    assert again.returncode == USAGE
    assert "--replace" in again.stderr


def test_the_wrong_passphrase_is_said_in_a_line(agency: Agency) -> None:
    done = agency.run("serve", "--port", str(_free_port()), lines=(ANOTHER,))
    assert done.returncode == USAGE
    assert done.stderr == "That passphrase does not open the records.\n"


def test_the_passphrase_is_changed(agency: Agency) -> None:
    assert agency.run("passphrase", lines=(PASSPHRASE, ANOTHER)).returncode == 0
    assert agency.run("audit", "verify", lines=(ANOTHER,)).returncode == 0
    assert agency.run("audit", "verify").returncode == USAGE


def test_rekeying_prints_new_shares_and_a_purge_and_a_verification_work_after_it(agency: Agency) -> None:
    done = agency.run("rekey", lines=(PASSPHRASE, ANOTHER))
    assert done.returncode == 0, done.stderr
    assert set(shares_in(done.stdout)).isdisjoint(shares_in(agency.told))
    assert agency.run("audit", "verify", lines=(ANOTHER,)).returncode == 0
    assert agency.run("purge", "--erase", lines=(ANOTHER,)).returncode == 0


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ((), "Would erase"),
        (("--dry-run",), "Would erase"),
        (("--erase", "--dry-run"), "Would erase"),
        (("--erase",), "Erased"),
    ],
)
def test_a_purge_erases_nothing_unless_told_so(agency: Agency, asked: tuple[str, ...], said: str) -> None:
    done = agency.run("purge", *asked)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(said)


def test_an_administrator_is_invited_again(agency: Agency) -> None:
    done = agency.run("administrator", "ada")
    assert done.returncode == 0, done.stderr
    assert "code " in done.stdout
    assert agency.run("administrator", "nobody").returncode == USAGE


def test_another_address_needs_tls(agency: Agency) -> None:
    done = agency.run("serve", "--address", "0.0.0.0", lines=())
    assert done.returncode == USAGE
    assert "--behind-tls" in done.stderr


def test_a_port_in_use_is_said_before_the_passphrase_is_asked(agency: Agency) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = agency.run("serve", "--port", str(taken.getsockname()[1]), lines=())
    assert done.returncode == USAGE
    assert "--port" in done.stderr


def test_it_serves_until_interrupted_and_nobody_replaces_what_is_served(agency: Agency, tmp_path: Path) -> None:
    agency.run("backup", str(tmp_path / "backup"))
    port = _free_port()
    command = ["serve", "--port", str(port), "--folder", str(agency.folder), "--passphrase-file", "-"]
    process = subprocess.Popen(
        [*COMMAND, *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=_environment(tmp_path),
    )
    try:
        assert process.stdin is not None
        process.stdin.write(f"{PASSPHRASE}\n")
        process.stdin.close()
        assert _answers(port)
        done = agency.run("restore", str(tmp_path / "backup"), "--replace")
        assert done.returncode == USAGE
        assert "Stop it first" in done.stderr
        assert agency.run("backup", str(tmp_path / "another")).returncode == 0
    finally:
        process.send_signal(signal.SIGINT)
    process.stdin = None
    told, _ = process.communicate(timeout=60)
    assert process.returncode == 0, told
    assert f"http://localhost:{port}/" in told  # a passkey belongs to a name
    assert "Traceback" not in told


def _answers(port: int) -> bool:
    for _ in range(600):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30).close()
        except urllib.error.HTTPError:
            return True  # whatever it says, it is there
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
