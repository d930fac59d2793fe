"""A progress bar on standard error, for people only: where nobody watches, nothing is drawn."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from threedates.cli.context import err


@contextmanager
def bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar that is told how many are done, of how many. It is gone when the work is."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # What is printed meanwhile is a result, and must reach standard output as it is.
    progress = Progress(
        *columns,
        console=err,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
        disable=not err.is_terminal,
    )
    with progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
