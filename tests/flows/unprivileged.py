"""Words of the command line in, the exit status of ``newsgloss`` as a user without privileges out.

``python -m tests.flows.unprivileged WARM_FOLDER WORD...`` first runs the job once in a folder of its own, so that
every module is loaded while this user may still read them all, and then drops to ``nobody`` for the real run.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from pathlib import Path

from flows.cli import main as newsgloss

NOBODY = 65534


def main() -> int:
    warm, *words = sys.argv[1:]
    article = Path(warm) / "warm.txt"
    article.write_text("It rained in the hills all night.\nIn the morning the river had risen.\n")
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        for _ in range(2):
            newsgloss(["run", "--output", str(Path(warm) / "out"), str(article), str(Path(warm) / "missing.txt")])
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    return newsgloss(words)


if __name__ == "__main__":
    sys.exit(main())
