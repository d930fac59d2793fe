"""Figures as a table on the terminal."""

from rich.table import Table

from threedates.cli.context import out
from threedates.cli.simulate_page import FOOTNOTE, HEADINGS, cells
from threedates.core.simulate import Figures


def print_figures(title: str, rows: list[tuple[str, Figures]], first: str) -> None:
    """Print figures as a table, a row each."""
    table = Table(title=title, title_justify="left", caption_justify="left", caption=FOOTNOTE, box=None)
    table.add_column(first, no_wrap=True)
    for heading in HEADINGS:
        table.add_column(heading.replace(" ", "\n", 1), justify="right", no_wrap=True)
    for name, row in rows:
        table.add_row(name.replace("_", " "), *cells(row))
    out.print(table)
