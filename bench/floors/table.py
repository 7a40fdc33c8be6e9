"""The floor with a stock table: the least a Textual application with a DataTable costs."""

from floors.day_rows import HEADINGS, HINT, ROWS, WIDTHS
from textual.app import App, ComposeResult
from textual.widgets import DataTable, Static


class TableFloor(App[None]):
    """A day list in a DataTable with a row cursor and a hint line; `q` quits."""

    ENABLE_COMMAND_PALETTE = False
    CSS = "DataTable { height: 1fr; }"
    BINDINGS = [("q", "quit", "Quit")]  # noqa: RUF012  (declared so by the base class)
    animation_level = "none"

    def compose(self) -> ComposeResult:
        """The table above the hint line."""
        table: DataTable[str] = DataTable(cursor_type="row")
        for heading, width in zip(HEADINGS, WIDTHS, strict=True):
            table.add_column(heading, width=width)
        table.add_rows(ROWS)
        yield table
        yield Static(HINT)


if __name__ == "__main__":
    TableFloor().run(mouse=False)
