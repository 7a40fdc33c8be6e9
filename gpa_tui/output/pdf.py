"""What every PDF of ours has in common: its fonts, of the package alone."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typst


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    """The fonts of the package alone, so that every machine prints the same sheet."""
    import typst

    with as_file(files("gpa_tui").joinpath("reference", "fonts")) as folder:
        return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
