"""Passphrases: how they are compared, what makes one good enough, and one made up by the program."""

from __future__ import annotations

import re
import secrets
import unicodedata

from shamir_mnemonic.wordlist import WORDLIST

from casearc_web.errors import WeakPassphraseError

SHORTEST = 14
FEWEST_WORDS = 4
FEWEST_LETTERS = 6
WORDS_MADE_UP = 6

RULE = (
    f"A passphrase needs at least {SHORTEST} characters, or at least {FEWEST_WORDS} different words. "
    "Words drawn by chance, or a sentence that is in no book and no song, are good ones."
)


def normal(passphrase: str) -> str:
    """The same characters, however a keyboard composes them; spaces around and between count once."""
    return " ".join(unicodedata.normalize("NFKC", passphrase).split())


def check_quality(passphrase: str) -> None:
    """Refuse a new passphrase that is too easy to guess. Existing ones are not judged."""
    words = {word.casefold() for word in re.findall(r"[^\W\d_]{3,}", normal(passphrase))}
    long_enough = len(normal(passphrase)) >= SHORTEST
    if not (long_enough or len(words) >= FEWEST_WORDS):
        raise WeakPassphraseError(f"That passphrase is too short. {RULE}")
    if len(set(normal(passphrase).casefold())) < FEWEST_LETTERS:
        raise WeakPassphraseError(f"That passphrase repeats itself too much. {RULE}")


def made_up() -> str:
    """Six words drawn from 1,024: 60 bits, which Argon2id makes slow to guess."""
    return " ".join(secrets.choice(WORDLIST) for _ in range(WORDS_MADE_UP))
