"""``python -m casearc_cli`` is the `casearc` command."""

from __future__ import annotations

from casearc_cli.main import main

if __name__ == "__main__":
    main()
