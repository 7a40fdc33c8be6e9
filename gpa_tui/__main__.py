"""`python -m gpa_tui`: the same as `gpa-tui`."""

import sys

from gpa_tui.cli import main

if __name__ == "__main__":
    sys.exit(main())
