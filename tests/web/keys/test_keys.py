"""The keys: one passphrase or enough shares open them, nothing else does, and nothing shows them."""

from __future__ import annotations

import json
import pickle
import stat
from itertools import combinations
from pathlib import Path

import pytest

from casearc_web import keys
from casearc_web.errors import (
    AlreadyThereError,
    DamagedKeyFileError,
    LockedError,
    NotEnoughSharesError,
    SharesRefusedError,
    WeakPassphraseError,
    WrongPassphraseError,
)

PASSPHRASE = "seven made up words for a test"
ANOTHER = "quite another set of words"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "agency"


@pytest.fixture
def recovery(folder: Path) -> keys.Recovery:
    return keys.create(folder, PASSPHRASE, shares=(2, 3), cost=keys.QUICK)


@pytest.mark.usefixtures("recovery")
def test_the_passphrase_opens_the_same_keys_each_time(folder: Path) -> None:
    assert keys.unlock(folder, PASSPHRASE) == keys.unlock(folder, f"  {PASSPHRASE.replace(' ', '  ')}\n")


@pytest.mark.usefixtures("recovery")
def test_an_accent_typed_in_two_ways_is_one_passphrase(folder: Path) -> None:
    keys.change_passphrase(folder, PASSPHRASE, "los niños no lloran aquí", cost=keys.QUICK)
    assert keys.unlock(folder, "los nin\u0303os no lloran aqui\u0301")


@pytest.mark.usefixtures("recovery")
def test_each_purpose_has_a_key_of_its_own(folder: Path) -> None:
    unlocked = keys.unlock(folder, PASSPHRASE)
    purposes = ("database", "vault", "audit", "sessions", "search", "drafts", "backup")
    derived = {getattr(unlocked, purpose) for purpose in purposes}
    assert len(derived) == len(purposes)
    assert {len(key) for key in derived} == {32}


@pytest.mark.usefixtures("recovery")
def test_a_wrong_passphrase_is_refused(folder: Path) -> None:
    with pytest.raises(WrongPassphraseError):
        keys.unlock(folder, ANOTHER)


@pytest.mark.usefixtures("recovery")
def test_only_the_owner_may_read_the_key_file(folder: Path) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / keys.KEY_FILE).stat().st_mode) == 0o600


@pytest.mark.usefixtures("recovery")
def test_a_key_file_is_never_overwritten_by_a_new_one(folder: Path) -> None:
    with pytest.raises(AlreadyThereError):
        keys.create(folder, PASSPHRASE, cost=keys.QUICK)


@pytest.mark.parametrize("weak", ["", "short", "one two", "aaaaaaaaaaaaaaaaaaaa", "a b c d", "abab abab abab abab"])
def test_a_weak_passphrase_is_refused_and_nothing_is_made(folder: Path, weak: str) -> None:
    with pytest.raises(WeakPassphraseError, match="at least 14 characters, or at least 4 different words"):
        keys.create(folder, weak, cost=keys.QUICK)
    assert not folder.exists()


GOOD = ["four plain odd eggs", "Fourteen-chars", "uno dos tres luna", "seven made up words for a test only"]


@pytest.mark.parametrize("good", GOOD)
def test_fourteen_characters_or_four_words_are_enough(good: str) -> None:
    keys.check_quality(good)


def test_a_changed_passphrase_keeps_the_keys_and_the_shares(folder: Path, recovery: keys.Recovery) -> None:
    before = keys.unlock(folder, PASSPHRASE)
    keys.change_passphrase(folder, PASSPHRASE, ANOTHER, cost=keys.QUICK)
    assert keys.unlock(folder, ANOTHER) == before
    with pytest.raises(WrongPassphraseError):
        keys.unlock(folder, PASSPHRASE)
    assert keys.recover(folder, recovery.phrases[1:], PASSPHRASE, cost=keys.QUICK) == before


def test_every_set_of_enough_shares_recovers_and_none_smaller_does(folder: Path, recovery: keys.Recovery) -> None:
    before = keys.unlock(folder, PASSPHRASE)
    for phrases in combinations(recovery.phrases, 2):
        assert keys.recover(folder, phrases, ANOTHER, cost=keys.QUICK) == before
        assert keys.unlock(folder, ANOTHER) == before
    for phrase in recovery.phrases:
        with pytest.raises(NotEnoughSharesError):
            keys.recover(folder, [phrase], PASSPHRASE, cost=keys.QUICK)
        with pytest.raises(NotEnoughSharesError):
            keys.recover(folder, [phrase, phrase], PASSPHRASE, cost=keys.QUICK)


@pytest.mark.parametrize("lost", ["gone", "damaged"])
def test_shares_recover_a_lost_or_damaged_key_file(folder: Path, recovery: keys.Recovery, lost: str) -> None:
    before = keys.unlock(folder, PASSPHRASE)
    if lost == "gone":
        (folder / keys.KEY_FILE).unlink()
    else:
        (folder / keys.KEY_FILE).write_bytes(b"\x00\x01")
    keys.recover(folder, recovery.phrases[:2], ANOTHER, cost=keys.QUICK)
    assert keys.unlock(folder, ANOTHER) == before


def test_nothing_is_written_where_the_recovered_keys_do_not_fit(folder: Path, recovery: keys.Recovery) -> None:
    def refuse(_: keys.Keys) -> None:
        raise LookupError

    before = (folder / keys.KEY_FILE).read_bytes()
    with pytest.raises(LookupError):
        keys.recover(folder, recovery.phrases[:2], ANOTHER, fits=refuse, cost=keys.QUICK)
    assert (folder / keys.KEY_FILE).read_bytes() == before


def test_shares_of_another_key_or_set_are_refused(folder: Path, recovery: keys.Recovery, tmp_path: Path) -> None:
    other = keys.create(tmp_path / "other", PASSPHRASE, cost=keys.QUICK)
    with pytest.raises(SharesRefusedError, match="another key"):
        keys.recover(folder, other.phrases[:2], ANOTHER, cost=keys.QUICK)
    with pytest.raises(SharesRefusedError, match="different sets"):
        keys.recover(folder, [recovery.phrases[0], other.phrases[1]], ANOTHER, cost=keys.QUICK)


def test_a_misspelled_share_is_named_by_its_place_and_not_quoted(folder: Path, recovery: keys.Recovery) -> None:
    words = recovery.phrases[1].split()
    words[7], words[8] = words[8], words[7]
    with pytest.raises(SharesRefusedError) as told:
        keys.recover(folder, [recovery.phrases[0], " ".join(words)], ANOTHER, cost=keys.QUICK)
    assert "share 2" in str(told.value)
    assert not any(word in str(told.value).split() for word in set(words) - {"share"})


@pytest.mark.usefixtures("recovery")
def test_new_shares_for_the_same_key_leave_the_old_ones_good(folder: Path, recovery: keys.Recovery) -> None:
    printed = keys.print_shares(folder, PASSPHRASE)
    assert set(printed.phrases).isdisjoint(recovery.phrases)
    for phrases in (printed.phrases[:2], recovery.phrases[:2]):
        keys.recover(folder, phrases, ANOTHER, cost=keys.QUICK)


@pytest.mark.usefixtures("recovery")
@pytest.mark.parametrize("part", ["fingerprint", "argon2id", "salt", "wrapped", "shares", "seal", "format"])
def test_a_key_file_without_a_part_is_called_damaged(folder: Path, part: str) -> None:
    content = json.loads((folder / keys.KEY_FILE).read_text())
    del content[part]
    (folder / keys.KEY_FILE).write_text(json.dumps(content))
    with pytest.raises(DamagedKeyFileError):
        keys.unlock(folder, PASSPHRASE)


@pytest.mark.usefixtures("recovery")
def test_an_altered_number_of_shares_is_noticed(folder: Path) -> None:
    content = json.loads((folder / keys.KEY_FILE).read_text())
    content["shares"]["needed"] = 1
    (folder / keys.KEY_FILE).write_text(json.dumps(content))
    with pytest.raises(DamagedKeyFileError, match="altered"):
        keys.unlock(folder, PASSPHRASE)


@pytest.mark.usefixtures("recovery")
def test_a_key_file_that_asks_for_all_memory_is_refused(folder: Path) -> None:
    content = json.loads((folder / keys.KEY_FILE).read_text())
    content["argon2id"]["memory_kib"] = 2**31
    (folder / keys.KEY_FILE).write_text(json.dumps(content))
    with pytest.raises(DamagedKeyFileError):
        keys.unlock(folder, PASSPHRASE)


@pytest.mark.usefixtures("recovery")
def test_keys_are_not_shown_or_pickled(folder: Path, recovery: keys.Recovery) -> None:
    unlocked = keys.unlock(folder, PASSPHRASE)
    shown = f"{unlocked!r} {unlocked} {recovery!r} {recovery}"
    assert unlocked.database.hex() not in shown
    assert repr(unlocked.database) not in shown
    assert recovery.phrases[0] not in shown
    with pytest.raises(TypeError):
        pickle.dumps(unlocked)


@pytest.mark.usefixtures("recovery")
def test_without_unlocking_there_are_no_keys(folder: Path) -> None:
    with keys.using(keys.unlock(folder, PASSPHRASE)):
        keys.current()
        keys.forget()
        with pytest.raises(LockedError):
            keys.current()
