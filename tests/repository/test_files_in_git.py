"""Promise: the repository holds nothing that should not be in it, and no file outgrows its reader."""

from __future__ import annotations

import re

import pytest

from repository import ROOT, files, texts

LINES = 420
NOT_READ = (".csv", ".json", ".lock", ".R")
LONG = {
    "docs/reference/commands.md": "printed from the commands, to look things up in",
    "docs/reference/library.md": "printed from docstrings, to look things up in",
    "docs/tutorials/first-evaluation.md": "one walk, half of it what is printed on the way",
    "tests/unit/reports/made_up_findings.py": "one finding of every kind, as data",
    "src/casearc_web/locale/es/LC_MESSAGES/django.po": "every sentence of the pages, in Spanish",
    "src/casearc/locale/es/LC_MESSAGES/casearc.po": "every sentence of the library about files, in Spanish",
}
"""Files that may be longer, and why."""

HOSTS = {
    *("www.apache.org", "schemas.openxmlformats.org", "json-schema.org", "www.w3.org", "doi.org", "example.org"),
    "www.weather.gov",
    *("hl7.org", "terminology.hl7.org", "unitsofmeasure.org"),
}
"""Hosts that files may name: the license, three standards, papers, one that is nobody's, where quick exit leads unless
an agency says otherwise, and the names (never addresses to be asked) of what FHIR resources are made of. No address of
a package."""

HOST = re.compile(r"(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:org|com|net|io|dev|edu|gov)(?![\w.(-]|\.\w)")
MACHINE = re.compile(r"(?<![\w.<)\]}])/(?:work|tmp|root|home|Users|private|mnt)/")
NOT_OURS = {
    r"\bvic" + r"tims?\b": "participant",
    r"(?<!core\.)\bsub" + r"jects?\b(?! to)": "participant",
    r"\bdo" + r"sages?\b": "dose; amount, frequency, duration, breadth",
    r"\bC" + r"SE\b": "cop_se for the instrument; nothing for what was done to the young people",
}
"""Words this project has others for (GLOSSARY.md names them in its last column)."""

OTHERS_WORDS = {
    "GLOSSARY.md",
    "LICENSE",
    "src/casearc/files/plain_words.toml",
    "src/casearc/files/proposal/vocabulary.toml",
    "src/casearc/files/htcds/fields.toml",
}
"""Files that must name what others call things: the glossary, and data about the files of others."""


def each_line(*, without: set[str] | None = None) -> list[tuple[str, str]]:
    """Every line of every text file as (place, line)."""
    return [
        (f"{name}:{number}", line)
        for name, text in texts().items()
        if name not in (without or set())
        for number, line in enumerate(text.splitlines(), start=1)
    ]


def test_the_lock_holds_pinned_and_hashed_requirements_and_no_address() -> None:
    """Whoever installs gets these bytes or nothing, from wherever their own machine gets packages."""
    text = re.sub(r"^\s*#.*$", "", texts()["requirements.lock"], flags=re.MULTILINE)
    entries = [entry.split() for entry in text.replace("\\\n", " ").splitlines() if entry.strip()]
    assert len(entries) > 20
    for words in entries:
        name = words[0]
        assert re.fullmatch(r"[A-Za-z0-9._-]+(\[[\w,-]+\])?==[^=\s]+", name), name
        rest = words[words.index(";") :] if ";" in words else words[1:]
        hashes = [word for word in rest if word.startswith("--hash=")]
        assert hashes, name
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", each) for each in hashes), name
        assert not any(word.startswith("--") and word not in hashes for word in rest), name
    assert "://" not in text
    assert "@" not in text


def test_no_file_names_a_host_it_has_no_reason_to() -> None:
    """Addresses of package registries, mirrors and agencies stay out."""
    named = {host: place for place, line in each_line() for host in HOST.findall(line.lower())}
    nobodys = {host for host in named if host.endswith(".example.org")}
    assert {host: place for host, place in named.items() if host not in HOSTS | nobodys} == {}


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    assert [place for place, line in each_line() if MACHINE.search(line)] == []


@pytest.mark.parametrize("word", NOT_OURS)
def test_words_the_glossary_rules_out_are_not_used(word: str) -> None:
    lines = each_line(without=OTHERS_WORDS)
    assert [place for place, line in lines if re.search(word, line, 0 if "SE" in word else re.I)] == [], NOT_OURS[word]


def test_no_file_is_longer_than_one_can_read() -> None:
    read = {
        name: text.count("\n") for name, text in texts().items() if not name.endswith(NOT_READ) and name != "LICENSE"
    }
    assert {name: lines for name, lines in read.items() if lines > LINES and name not in LONG} == {}


@pytest.mark.parametrize("name", LONG)
def test_files_excused_for_length_are_long(name: str) -> None:
    """An excuse nobody needs is taken off the list."""
    assert texts()[name].count("\n") > LINES, LONG[name]


def test_nothing_is_called_utils() -> None:
    """A module is named after what it holds."""
    names = {"utils", "util", "helpers", "misc", "common"}
    assert [path for path in files() if path.stem in names and path.suffix == ".py"] == []


def test_every_data_file_of_the_package_is_in_git() -> None:
    """An ignored instrument file would work here and be missing for everybody else."""
    kept = set(files())
    there = {
        path
        for path in (ROOT / "src").rglob("*")
        if path.is_file() and path.suffix in {".toml", ".csv", ".json", ".css", ".html", ".typ", ".py"}
    }
    ignored = sorted(path.relative_to(ROOT).as_posix() for path in there - kept if "__pycache__" not in path.parts)
    assert [name for name in ignored if is_ignored(name)] == []


def is_ignored(name: str) -> bool:
    """Whether .gitignore would keep a file out (a file not yet added is its author's business)."""
    import subprocess

    return subprocess.run(["git", "check-ignore", "-q", name], cwd=ROOT, check=False).returncode == 0
