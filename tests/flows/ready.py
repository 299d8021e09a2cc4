"""Orders on standard input in, a ``newsgloss`` process forked for each out.

``python -m tests.flows.ready MODULE,... FILE...`` runs the job on the files once and imports the modules, so that all
is loaded and made that nearly every run needs, and forks for each order. A child is a process of its own, with its
own memory, user, limits and end. That a cold process starts as well is not seen here: `test_imports` is about it.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

PATIENCE_S = 120
NOBODY = 65534


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to run and as whom.

    Attributes:
        words: the words of the command line.
        script: Python text to run with the words, in place of ``newsgloss``.
        nobody: drop root's privileges.
        largest: how many bytes a file may grow to.
    """

    words: tuple[str, ...]
    cwd: str
    environment: dict[str, str]
    script: str | None = None
    nobody: bool = False
    largest: int | None = None


class Ready:
    """A process that has loaded everything and forks when asked."""

    def __init__(self, files: Iterable[Path], environment: dict[str, str], *, modules: Iterable[str] = ()) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.flows.ready", ",".join(modules), *map(str, files)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, order: Order) -> tuple[int, str, str]:
        """The status, standard output and standard error; two minutes are more than it may take."""
        with tempfile.TemporaryDirectory() as folder:
            said = [Path(folder) / name for name in ("out", "err")]
            try:
                status = self._ask({**asdict(order), "said": [str(path) for path in said]})
            except BaseException:
                self.kill()  # an answer that comes after all is not to be taken for the next one's
                raise
            out, err = (path.read_text() for path in said)
        return status, out, err

    def _ask(self, order: dict[str, object]) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        if not select.select([self._process.stdout], [], [], PATIENCE_S)[0]:
            raise AssertionError(f"no end within {PATIENCE_S} s: {order['words']}")
        return int(self._process.stdout.readline())

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        """End it, and what it has under way."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.communicate()


def warm(files: Iterable[str]) -> None:
    """Run the job once: modules are loaded then, rules compiled, and what is made at first use is made."""
    from flows.cli import COMMANDS
    from flows.cli import main as newsgloss

    for command in COMMANDS:
        importlib.import_module(f"flows.commands.{command}")
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(sys.stderr):
        assert newsgloss(["run", "--no-prefect", "--quiet", "--output", f"{folder}/out", *files]) == 0


def become(order: Order, said: Iterable[str]) -> None:
    """Take on what the order asks for, and speak to these files."""
    for number, path in enumerate((os.devnull, *said)):
        opened = os.open(path, os.O_RDWR | os.O_CREAT)
        os.dup2(opened, number)
        os.close(opened)
    os.chdir(order.cwd)
    os.environ.clear()
    os.environ.update(order.environment)
    tempfile.tempdir = None
    if order.largest is not None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (order.largest, order.largest))
    if order.nobody and os.getuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def run_script(text: str) -> int:
    exec(compile(text, "<script>", "exec"), {"__name__": "__main__"})
    return 0


def main() -> int:
    from flows.cli import main as newsgloss

    modules, *files = sys.argv[1:]
    warm(files)
    for module in filter(None, modules.split(",")):
        importlib.import_module(module)
    gc.freeze()
    for line in sys.stdin:
        asked = json.loads(line)
        said = asked.pop("said")
        child = os.fork()
        if child == 0:
            order = Order(**asked)
            become(order, said)
            sys.argv[1:] = order.words
            return newsgloss() if order.script is None else run_script(order.script)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
