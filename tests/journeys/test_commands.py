"""The commands from arguments to files: what each leaves behind, says, and ends with.

Exit codes: 0 done, 2 usage, 3 data refused, 4 plan refused, 5 disclosure refused, 1 our fault, 130 stopped by the user.
"""

from __future__ import annotations

import contextlib
import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from journey import MARK, REPORT, TEXT, Study, files_of, parsed, walk, write_study

import casearc_cli.demo
import casearc_cli.evaluate
from casearc_cli.progress import Steps

COMMAND = Path(sys.executable).with_name("casearc")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """A demo as the command makes it. Read only: tests that change it take a copy."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    ended = walk("demo", "-o", folder)
    assert (ended.code, ended.err) == (0, "")
    return Study(folder)


@pytest.fixture
def study(demo: Study, tmp_path: Path) -> Study:
    """A copy of the demo's plan and data."""
    shutil.copytree(demo.data, tmp_path / "study" / "data")
    shutil.copy(demo.plan, tmp_path / "study" / "study.toml")
    return Study(tmp_path / "study")


@pytest.fixture
def small(tmp_path: Path) -> Study:
    """A study of one instrument and one model, where only the folder or the terminal matters."""
    write_study(tmp_path / "study")
    return Study(tmp_path / "study")


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in files_of(folder)}


# The way a newcomer goes


def test_the_demo_leaves_a_plan_data_and_a_whole_report(demo: Study) -> None:
    assert sorted(path.name for path in demo.folder.iterdir()) == ["data", "report", "study.toml"]
    assert sorted(path.name for path in demo.folder.parent.iterdir()) == ["demo"], "nothing unfinished beside it"
    assert files_of(demo.folder / "report") > REPORT


def test_evaluating_the_demo_s_own_files_gives_the_demo_s_report(demo: Study, tmp_path: Path) -> None:
    """Byte for byte: the report depends on plan and data, and on nothing else."""
    ended = demo.evaluate(tmp_path / "again")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(f"Report: {tmp_path / 'again' / 'report.html'}")
    assert contents(tmp_path / "again") == contents(demo.folder / "report")


def test_the_demo_s_plan_is_sound_and_said_back(demo: Study) -> None:
    ended = walk("plan", "check", demo.plan, "--data", demo.data)
    assert (ended.code, ended.err) == (0, "")
    assert "The plan is sound. Its fingerprint: " in ended.out


def test_the_plan_template_is_the_demo_s_plan(demo: Study) -> None:
    assert walk("plan", "template").out == demo.plan.read_text("utf-8")


def test_the_demo_s_responses_can_be_scored_by_themselves(demo: Study, tmp_path: Path) -> None:
    """The file holds three instruments: those of the others are left alone, and counted."""
    responses = pl.read_csv(demo.file("responses"), infer_schema=False)
    ended = walk("score", demo.file("responses"), "--instrument", "mspss", "-o", tmp_path / "scores.csv", "--json")
    told = parsed(ended.out)
    others = responses.filter(~pl.col("item").str.starts_with("mspss_")).height
    assert told["responses_to_other_instruments"] == others > 0
    scored = pl.read_csv(tmp_path / "scores.csv")
    given = pl.read_csv(demo.file("administrations")).filter(instrument="mspss")
    assert told["administrations"] == scored.height == given.height
    assert {row["score"]: row["scored"] for row in told["scores"]}["mspss_total"] == scored["mspss_total"].count()
    assert scored["mspss_total"].drop_nulls().is_between(1, 7).all()


def test_instruments_are_listed_shown_and_checked(tmp_path: Path) -> None:
    listed = walk("instruments", "list")
    assert [line.split()[0] for line in listed.out.splitlines()][:1] == ["cop_se"]
    assert "mspss_total" in walk("instruments", "show", "mspss").out
    ended = walk("instruments", "check", tmp_path)
    assert ended.code == 3
    assert "the file is missing" in ended.err


# One way to fail for each exit code: arguments, then what the message says


def _usage(study: Study, out: Path) -> list[str | Path]:
    return ["evaluate", study.plan, "--data", study.folder / "nowhere", "-o", out]


def _command(study: Study, out: Path) -> list[str | Path]:
    return ["evalute"]


def _option(study: Study, out: Path) -> list[str | Path]:
    return ["evaluate", study.plan, "--data", study.data, "-o", out, "--edition", "public"]


def _instrument(study: Study, out: Path) -> list[str | Path]:
    return ["instruments", "show", "mspps"]


def _data(study: Study, out: Path) -> list[str | Path]:
    study.cell("contacts", row=5, column="minutes", value=TEXT)
    return ["evaluate", study.plan, "--data", study.data, "-o", out]


def _scores(study: Study, out: Path) -> list[str | Path]:
    return ["score", study.file("contacts"), "--instrument", "mspss", "-o", out / "scores.csv"]


def _plan(study: Study, out: Path) -> list[str | Path]:
    study.say("alpha = 0.05", "alpha = 5")
    return ["plan", "check", study.plan]


def _policy(study: Study, out: Path) -> list[str | Path]:
    (study.folder / "policy.toml").write_text("[disclosure]\nfloor = 2\n", encoding="utf-8")
    return ["evaluate", study.plan, "--data", study.data, "-o", out, "--policy", study.folder / "policy.toml"]


FAILURES = {
    "a folder that is not there": (_usage, 2, "does not exist"),
    "a command that is not there": (_command, 2, "No such command"),
    "an edition that is not there": (_option, 2, "'outside', 'in-house'"),
    "an instrument that is not there": (_instrument, 2, "Did you mean `mspss`?"),
    "data that are refused": (_data, 3, "contacts.csv, row 5, column minutes"),
    "responses that are none": (_scores, 3, "contacts.csv"),
    "a plan that is refused": (_plan, 4, "alpha is the error rate"),
    "a policy that protects nobody": (_policy, 5, "floor"),
}


@pytest.mark.parametrize("kind", FAILURES)
@pytest.mark.parametrize("as_json", [False, True], ids=["words", "json"])
def test_each_end_has_its_code_in_words_and_as_json(kind: str, as_json: bool, study: Study, tmp_path: Path) -> None:
    make, code, words = FAILURES[kind]
    arguments = make(study, tmp_path / "out")
    ended = walk(*arguments, *(["--json"] if as_json else []))
    assert (ended.code, ended.out) == (code, "")
    assert MARK not in ended.err
    assert "Traceback" not in ended.err
    assert not (tmp_path / "out").exists()
    if as_json:
        assert parsed(ended.err)["exit_code"] == code
        assert words.partition(",")[0] in ended.err
    else:
        assert words in ended.err


JSON = {
    "evaluate": lambda study, out: ["evaluate", study.plan, "--data", study.data, "-o", out],
    "plan check": lambda study, out: ["plan", "check", study.plan],
    "instruments show": lambda study, out: ["instruments", "show", "urica"],
}


@pytest.mark.parametrize("command", JSON)
def test_with_json_one_object_is_printed_and_nothing_beside_it(command: str, study: Study, tmp_path: Path) -> None:
    ended = walk(*JSON[command](study, tmp_path / "out"), "--json")
    assert (ended.code, ended.err) == (0, "")
    assert parsed(ended.out)


class PlantedError(Exception):
    """Fails with a participant's value in its message, as a library's error may."""


PANIC = type("Panic", (BaseException,), {})


@pytest.mark.parametrize("as_json", [False, True], ids=["words", "json"])
@pytest.mark.parametrize(
    "error", [PlantedError(TEXT), type("Panic", (BaseException,), {})(TEXT)], ids=["error", "panic"]
)
def test_our_own_fault_tells_no_value_and_no_traceback(
    as_json: bool, error: BaseException, study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A panic of a library written in Rust is no `Exception`; it must not get past the last wall either."""

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(casearc_cli.evaluate, "run_evaluation", fail)
    ended = study.evaluate(tmp_path / "out", *(["--json"] if as_json else []))
    assert (ended.code, ended.out) == (1, "")
    assert "our fault" in ended.err
    assert f"{type(error).__name__} at casearc_cli.evaluate, line " in ended.err
    assert MARK not in ended.err
    assert "Traceback" not in ended.err
    assert len(ended.err.splitlines()) == 1
    if as_json:
        assert parsed(ended.err)["exit_code"] == 1
    assert not (tmp_path / "out").exists()


# Folders that hold something else


@pytest.mark.parametrize("name", ["evaluate", "demo"])
def test_a_folder_that_holds_something_else_is_left_alone(name: str, study: Study, tmp_path: Path) -> None:
    """Refused at once: before any file of the study is read."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.docx").write_text("years of work")
    (study.data / "contacts.csv").write_text("")
    ended = study.evaluate(other) if name == "evaluate" else walk("demo", "-o", other)
    assert ended.code == 2
    assert "was left as it is" in ended.err
    assert contents(other) == {"thesis.docx": b"years of work"}


def test_a_report_is_replaced_as_a_whole_but_not_with_a_stranger_in_it(small: Study, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert small.evaluate(out).code == 0
    (out / "report.html").write_text("old")
    assert small.evaluate(out).code == 0
    assert (out / "report.html").read_text("utf-8") != "old"
    (out / "my notes.txt").write_text("mine")
    ended = small.evaluate(out)
    assert ended.code == 2
    assert "They would be lost" in ended.err
    assert (out / "my notes.txt").read_text() == "mine"


@pytest.mark.parametrize("times", [1, 2], ids=["empty", "with an earlier report"])
def test_the_folder_one_stands_in_stays_the_same_folder(
    times: int, small: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`-o .` fills the folder: were it replaced by another of its name, the shell in it would stand nowhere."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    before = here.stat().st_ino
    for _ in range(times):
        assert small.evaluate(Path(".")).code == 0
    assert here.stat().st_ino == before
    assert files_of(here) > REPORT
    assert sorted(path.name for path in tmp_path.iterdir()) == ["here", "study"]


@pytest.fixture
def earlier(demo: Study, tmp_path: Path) -> Study:
    shutil.copytree(demo.folder, tmp_path / "demo")
    return Study(tmp_path / "demo")


def test_an_earlier_demo_is_replaced(earlier: Study, tmp_path: Path) -> None:
    before = contents(earlier.folder)
    assert walk("demo", "-o", earlier.folder, "--seed", "5", "--participants", "40").code == 0
    after = contents(earlier.folder)
    assert after["data/participants.csv"] != before["data/participants.csv"]
    assert after["study.toml"] == before["study.toml"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["demo"]


CHANGES = {
    "a plan that was changed": lambda study: study.say("alpha = 0.05", "alpha = 0.01"),
    "data of an agency's own": lambda study: study.column("enrollments", "program", lambda _: "Ours"),
    "a file among the data": lambda study: (study.data / "log.xlsx").write_text("x"),
    "a file in the report": lambda study: (study.folder / "report" / "notes.txt").write_text("x"),
    "a file beside them": lambda study: (study.folder / "notes.txt").write_text("x"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_an_earlier_demo_somebody_worked_on_is_left_alone(change: str, earlier: Study) -> None:
    CHANGES[change](earlier)
    before = contents(earlier.folder)
    ended = walk("demo", "-o", earlier.folder)
    assert ended.code == 2
    assert contents(earlier.folder) == before


def test_a_demo_that_fails_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise PlantedError

    monkeypatch.setattr(casearc_cli.demo, "move_into_place", fail)
    assert walk("demo", "-o", tmp_path / "demo", "--participants", "40").code == 1
    assert list(tmp_path.iterdir()) == []


# Terminals, pipes and Ctrl-C: as processes of their own


def in_a_terminal(arguments: list[str]) -> tuple[int, str]:
    """Run the command with a terminal on standard error; its exit code and what the terminal shows."""
    leader, follower = pty.openpty()
    try:
        running = subprocess.Popen([COMMAND, *arguments], stdout=subprocess.DEVNULL, stderr=follower)
        os.close(follower)
        shown = b""
        while True:
            try:
                read = os.read(leader, 4096)
            except OSError:  # Linux: the other end was closed
                break
            if not read:
                break
            shown += read
        return running.wait(timeout=120), shown.decode()
    finally:
        os.close(leader)


def test_a_terminal_sees_each_step_and_a_pipe_sees_none(small: Study, tmp_path: Path) -> None:
    arguments = ["evaluate", str(small.plan), "--data", str(small.data), "-o", str(tmp_path / "out")]
    code, shown = in_a_terminal(arguments)
    assert code == 0
    steps = [line.split(" … ")[0] for line in shown.splitlines()]
    assert steps[0] == "Reading and checking the files"
    assert steps[-1] == "Writing the report"
    code, shown = in_a_terminal([*arguments, "--json"])
    assert (code, shown) == (0, "")
    piped = subprocess.run([COMMAND, *arguments], capture_output=True, text=True, check=True, timeout=120)
    assert piped.stderr == ""


@pytest.mark.parametrize("command", ["evaluate", "demo"])
def test_ctrl_c_leaves_nothing_half_written(command: str, study: Study, tmp_path: Path) -> None:
    """Sent while the command works: its first step is on the terminal, its report is seconds away."""
    where = tmp_path / "where"
    where.mkdir()
    arguments = ["evaluate", str(study.plan), "--data", str(study.data)] if command == "evaluate" else ["demo"]
    leader, follower = pty.openpty()
    running = subprocess.Popen(
        [COMMAND, *arguments, "-o", str(where / "out")], stdout=subprocess.DEVNULL, stderr=follower
    )
    os.close(follower)
    shown = os.read(leader, 4096)
    time.sleep(0.2)
    running.send_signal(signal.SIGINT)
    try:
        while read := os.read(leader, 4096):
            shown += read
    except OSError:
        pass
    finally:
        os.close(leader)
    assert running.wait(timeout=120) == 130
    assert b"Stopped; nothing was left half written." in shown
    assert b"Traceback" not in shown
    assert list(where.iterdir()) == []


HEAVY = ("numpy", "polars", "scipy", "matplotlib", "narwhals", "docx", "typst", "jinja2")


@pytest.mark.parametrize("arguments", [["--help"], ["evaluate", "--help"], ["--version"]], ids=" ".join)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    """Why `casearc --help` is instant."""
    program = (
        "import sys\n"
        "from casearc_cli.main import casearc\n"
        f"casearc({arguments!r}, standalone_mode=False)\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert ended.stderr == "[]\n"
    assert ended.stdout


def test_write_study_and_the_tables_agree(tmp_path: Path) -> None:
    """The journeys plant their mark where they say they do."""
    write_study(tmp_path)
    marked = [path.name for path in sorted((tmp_path / "data").iterdir()) if TEXT in path.read_text("utf-8")]
    assert marked == ["contacts.csv", "enrollments.csv", "participants.csv"]


def test_an_interrupt_that_a_library_swallows_stops_the_work_at_the_next_step() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a test run in the background begins without it
    with Steps(quiet=True) as steps:
        with contextlib.suppress(KeyboardInterrupt):  # as a library's callback would
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            steps.step("Analyzing")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
