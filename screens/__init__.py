"""All that a person sees and presses.

Importing it quietens Textual before Textual reads its environment: no animation, no smooth scrolling
(which turns on pixel reports), and no key protocol that some terminals on the way do not speak.
"""

import os

os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
os.environ.setdefault("TEXTUAL_SMOOTH_SCROLL", "0")
os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
