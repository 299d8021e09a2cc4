"""Child process: a Firefox model's paths in on the first line, then a sentence a line in and its English a line out.

Started by path (`engines.pool`), so it imports nothing of ours and never runs the caller's ``__main__``. A translator
of fxtranslate panics when another thread touches it; here there is one thread. Lines are JSON in ASCII, so that any
string, lone surrogates included, passes the pipe.
"""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any, TextIO

# A panic of the engine is no `Exception` (pyo3's PanicException derives from BaseException).
PANIC = BaseException


def load(paths: dict[str, str | None]) -> Any:
    """The engine over the files that ``paths`` names: model, source, target and, where there is one, shortlist."""
    from fxtranslate import Translator

    read = {role: Path(path).read_bytes() for role, path in paths.items() if path}
    return Translator(read["model"], read["source"], read["target"], read.get("shortlist"))


def answer(engine: Any, line: str) -> dict[str, str]:
    """What the engine makes of one JSON string: ``{"text": …}`` or ``{"error": …}``."""
    try:
        return {"text": engine.translate(json.loads(line))}
    except PANIC as error:
        return {"error": f"{type(error).__name__}: {error}"}


def serve(requests: TextIO, replies: TextIO) -> None:
    """Answer until the input ends: the parent is done, or dead."""
    engine = None
    paths: dict[str, str | None] = json.loads(requests.readline())
    for line in requests:
        try:
            engine = engine or load(paths)
            reply = answer(engine, line)
        except PANIC as error:
            reply = {"fatal": f"{type(error).__name__}: {error}"}
        if "error" in reply:
            engine = None  # after a panic its state is unknown
        replies.write(json.dumps(reply) + "\n")
        replies.flush()


def main() -> None:
    """Serve on the standard streams; whatever a library prints goes to standard error instead."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle: it finishes its batch first
    with os.fdopen(os.dup(1), "w", encoding="ascii") as replies:
        os.dup2(2, 1)
        serve(sys.stdin, replies)


if __name__ == "__main__":
    main()
