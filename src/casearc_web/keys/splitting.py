"""Recovery shares: the data key split into phrases of words (SLIP-39), of which a few together give it back.

The data key itself is split, so that shares and the database file are enough when everything else is lost.
Each phrase carries a checksum and names its set; one fewer than needed tells nothing of the key.
"""

from __future__ import annotations

from collections.abc import Sequence

from shamir_mnemonic import MnemonicError, Share, combine_mnemonics, generate_mnemonics

from casearc_web.errors import NotEnoughSharesError, SharesRefusedError

FEWEST_NEEDED = 2
MOST_MADE = 16


def split(data_key: bytes, *, needed: int, made: int) -> tuple[str, ...]:
    """Phrases for `made` shares, any `needed` of which give the key back."""
    if not FEWEST_NEEDED <= needed <= made <= MOST_MADE:
        raise SharesRefusedError(
            f"Recovery shares: {needed} of {made} cannot be made. "
            f"Choose at least {FEWEST_NEEDED} needed, at most {MOST_MADE} made, and no more needed than made."
        )
    (phrases,) = generate_mnemonics(1, [(needed, made)], data_key)
    return tuple(phrases)


def join(phrases: Sequence[str]) -> bytes:
    """The data key from enough phrases."""
    read = [_read(number, phrase) for number, phrase in enumerate(phrases, start=1)]
    if not read:
        raise NotEnoughSharesError("No recovery share was given.")
    if len({share.group_parameters() for share in read}) > 1:
        raise SharesRefusedError(
            "These recovery shares belong to different sets. The first four words of all shares of a set are the same."
        )
    different, needed = {share.index for share in read}, read[0].member_threshold
    if len(different) < needed:
        raise NotEnoughSharesError(
            f"{needed} different recovery shares are needed, and {len(different)} "
            f"{'was' if len(different) == 1 else 'were'} given."
        )
    return _combine(read, needed)


def check_share(phrase: str) -> str:
    """What is wrong with one share by itself, in words; empty where nothing is."""
    try:
        _read(1, phrase)
    except SharesRefusedError:
        return "This share has a mistake: a word is missing, doubled or misspelled. Compare it word by word."
    return ""


def needed_by(phrase: str) -> int:
    """How many shares of its set a share says are needed."""
    return int(_read(1, phrase).member_threshold)


def _combine(read: list[Share], needed: int) -> bytes:
    chosen = list({share.index: share for share in read}.values())[:needed]
    try:
        return bytes(combine_mnemonics([share.mnemonic() for share in chosen]))
    except MnemonicError:
        raise SharesRefusedError("These recovery shares do not fit together. Compare them with the paper.") from None


def _read(number: int, phrase: str) -> Share:
    """A phrase as its share; the error names the share by its place, never a word of it."""
    try:
        return Share.from_mnemonic(" ".join(phrase.lower().split()))
    except (MnemonicError, ValueError):
        raise SharesRefusedError(
            f"Recovery share {number} has a mistake: a word is missing, doubled or misspelled. "
            "Compare it with the paper, word by word."
        ) from None
