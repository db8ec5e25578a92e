"""The agency's keys: one random data key in `keys.json`, wrapped under a passphrase; all others are derived from it.

    recovery = create(folder, passphrase, shares=(2, 3))   # print recovery.phrases on paper, once
    use(unlock(folder, passphrase))                        # at the start of the program
    current().vault                                        # anywhere below; LockedError before

Nothing here knows of Django or of a database.
"""

from casearc_web.keys.cost import QUICK, STRONG, Cost
from casearc_web.keys.derived import Keys
from casearc_web.keys.keyfile import KEY_FILE
from casearc_web.keys.lifecycle import Recovery, change_passphrase, create, print_shares, recover, unlock
from casearc_web.keys.passphrase import RULE, check_quality, made_up
from casearc_web.keys.process import current, forget, use, using
from casearc_web.keys.splitting import check_share

__all__ = [
    "KEY_FILE",
    "QUICK",
    "RULE",
    "STRONG",
    "Cost",
    "Keys",
    "Recovery",
    "change_passphrase",
    "check_quality",
    "check_share",
    "create",
    "current",
    "forget",
    "made_up",
    "print_shares",
    "recover",
    "unlock",
    "use",
    "using",
]
