"""Progress, remarks, results and errors in, text on a terminal out."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

from flows.watch import Watch
from ingest.accounting import Account
from ingest.article import Outcome
from ingest.counted import counted
from ingest.errors import NewsglossError
from ingest.records import encode

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from flows.job import Result

COLOURS = {
    Outcome.WRITTEN: "green",
    Outcome.DUPLICATE: "cyan",
    Outcome.REJECTED: "yellow",
    Outcome.PENDING: "magenta",
    Outcome.FAILED: "red",
}


def complain(error: NewsglossError) -> None:
    """One line on standard error: what happened, and what to do next."""
    sys.stderr.write(f"newsgloss: {one_line(str(error))}\n")


def one_line(text: str) -> str:
    """Text as a terminal may show it: one line, no control characters or direction overrides alive."""
    from translate.visible import terminal_safe

    return terminal_safe(" ".join(text.split()))


class Console(Watch):
    """Follows a run on standard error, and prints its result on standard output.

    Progress is drawn only on a terminal; remarks always, unless ``quiet``. ``json`` makes the result one JSON object.
    """

    def __init__(self, *, quiet: bool, json: bool) -> None:
        self._quiet = quiet
        self._json = json
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        if not self._quiet and sys.stderr.isatty():
            from rich.console import Console as Terminal
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

            self._progress = Progress(
                TextColumn("{task.description:<12}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                console=Terminal(stderr=True),
                transient=True,
            )
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def stage(self, name: str, total: int | None) -> None:
        """Begin a bar of its own."""
        if self._progress is not None:
            if self._task is not None:
                self._progress.update(self._task, total=self._progress.tasks[-1].completed)
            self._task = self._progress.add_task(name, total=total)

    def advance(self, steps: int) -> None:
        """Move the bar on."""
        if self._progress is not None and self._task is not None:
            self._progress.advance(self._task, steps)

    def say(self, text: str) -> None:
        """A remark on standard error."""
        if not self._quiet:
            sys.stderr.write(f"newsgloss: {one_line(text)}\n")

    def result(self, result: Result) -> None:
        """The table of what became of every input, and where the documents lie; or the same as JSON."""
        self.__exit__(None, None, None)
        if self._json:
            sys.stdout.write(as_json(result) + "\n")
        elif not self._quiet:
            sys.stdout.write(as_text(result))


def as_json(result: Result) -> str:
    """The result as one line of JSON: sums by name, then a list of inputs."""
    body = {
        "output": result.output,
        **result.sums.flat(),
        "cut": result.cut,
        "effort": result.effort,
        "items": result.lines,
    }
    return encode(body).decode()


def as_text(result: Result) -> str:
    """The result as a table with its sums, for people."""
    from io import StringIO

    from rich.console import Console as Terminal
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("input", "outcome", "what"):
        table.add_column(heading, overflow="fold")
    for line in result.lines:
        outcome = line.outcome or "unsettled"
        style = COLOURS[line.outcome] if line.outcome else "red"
        table.add_row(Text(one_line(line.name)), Text(outcome, style=style), Text(one_line(what(line))))
    colour = sys.stdout.isatty()
    page = StringIO()
    terminal = Terminal(file=page, force_terminal=colour, no_color=not colour, width=None if colour else 160)
    terminal.print(table)
    if result.cut:
        terminal.print("(only inputs that are failed, pending or rejected are listed)", style="dim")
    terminal.print(Text(summary(result)))
    return "".join(line.rstrip() + "\n" for line in page.getvalue().splitlines())


def what(line: Account) -> str:
    """What belongs to an outcome, in a few words."""
    match line.outcome:
        case Outcome.WRITTEN:
            return line.path or ""
        case Outcome.DUPLICATE:
            return f"{line.match} of {line.of} ({line.score:.2f})" if line.score is not None else f"of {line.of}"
        case Outcome.PENDING:
            return f"{line.reason}: {line.command}" if line.command else (line.reason or "")
        case _:
            return line.reason or ""


def summary(result: Result) -> str:
    """The sums in words; they add up."""
    sums = result.sums
    outcomes = ", ".join(f"{sums.outcomes[outcome]} {outcome}" for outcome in Outcome)
    states = f"{sums.new} new, {sums.again} taken up again, {sums.unchanged} unchanged since an earlier run"
    inputs = counted(sums.inputs, "input")
    lines = [f"{inputs}: {states}", f"{inputs}: {outcomes}", f"documents: {result.output}"]
    if sums.elsewhere:
        lines.insert(
            2, f"another outcome now: {counted(sums.elsewhere, 'input')} of earlier runs; newsgloss status lists them"
        )
    effort = result.effort
    if effort.known or effort.asked:
        share = effort.known / (effort.known + effort.asked)
        sentences = counted(effort.known + effort.asked, "sentence")
        lines.insert(2, f"{sentences} to translate: {share:.0%} from the translation memory")
    if effort.flags:
        named = ", ".join(f"{count} {flag}" for flag, count in effort.flags.items())
        lines.insert(2, f"segments to look at: {named}")
    lines[2:2] = effort.notes
    if sums.rewritten:
        lines.insert(2, f"{counted(sums.rewritten, 'document')} rewritten without lines that their site repeats")
    if sums.inputs and sums.unchanged == sums.inputs:
        lines.append("nothing to do: nothing was changed")
    return "\n".join(lines)
