"""Writes the pages that are drawn from the code: keys, roles, settings, events.

`--check` writes nothing and fails when a page is stale.
"""

from __future__ import annotations

import ast
import inspect
import sys
from itertools import pairwise
from pathlib import Path

from gpa_tui import settings
from gpa_tui.records.base import Record
from gpa_tui.records.event import KNOWN
from gpa_tui.records.staff import Role
from gpa_tui.session.roles import MAY, Act
from gpa_tui.settings import (
    DowntimeSettings,
    EcgSettings,
    News2Settings,
    PlanSettings,
    PracticeSettings,
    RetentionSettings,
    ReviewSettings,
)
from screens.keys import KEYS, PLACES, show_key

DOCS = Path(__file__).parent
TABLES = (
    *(("news2", News2Settings), ("plan", PlanSettings), ("ecg", EcgSettings), ("review", ReviewSettings)),
    *(("retention", RetentionSettings), ("downtime", DowntimeSettings)),
)
HEAD = "<!-- Drawn from the code by `make docs`; do not edit by hand. -->\n\n"


def keys_page() -> str:
    """Every place with its keys."""
    parts = [
        HEAD,
        "# Keys\n\n",
        "On a list single letters act. In a field letters type. `?` on a list, or Ctrl+P anywhere, shows the "
        "keys that work where you are; type to find one and Enter does it.\n",
    ]
    for place in PLACES.values():
        parts.append(f"\n## {place.title}\n\n| key | what it does |\n|---|---|\n")
        for name in place.keys:
            key = KEYS[name]
            shown = ", ".join(f"`{show_key(one)}`" for one in key.keys)
            parts.append(f"| {shown} | {key.says} |\n")
    return "".join(parts)


def roles_page() -> str:
    """The table role × act."""
    roles = list(Role)
    rows = [
        f"| {act.value} | " + " | ".join("yes" if act in MAY[role] else "" for role in roles) + " |"
        for act in Act
    ]
    head = "| act | " + " | ".join(role.label for role in roles) + " |"
    rule = "|---|" + "---|" * len(roles)
    text = (
        "# Who may do what\n\nThe role acted in decides. A refused attempt is recorded. Reading the list is "
        "everybody's.\n\n"
    )
    return HEAD + text + "\n".join([head, rule, *rows]) + "\n"


def settings_page() -> str:
    """Each setting with its sentence and default."""
    head = "# Settings\n\n`practice.toml` in the store's folder. A mistake in it is named with its field.\n\n"
    return (
        HEAD
        + head
        + _settings_of(PracticeSettings)
        + "".join(f"\n## `[{name}]`\n\n{_settings_of(model)}" for name, model in TABLES)
    )


def _settings_of(model: type[Record]) -> str:
    sentences = _field_sentences(model)
    rows = []
    for name, field in model.model_fields.items():
        table = field.default_factory is not None
        default = "required" if field.is_required() else "below" if table else _shown(field.default)
        rows.append(f"| `{name}` | {sentences[name]} | {default} |")
    return "| setting | what it does | default |\n|---|---|---|\n" + "\n".join(rows) + "\n"


def _shown(default: object) -> str:
    """As it would stand in TOML."""
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return f"`{list(default) if isinstance(default, tuple) else default!r}`".replace("'", '"')


def _field_sentences(model: type[Record]) -> dict[str, str]:
    """The docstring under each field of `model`."""
    tree = ast.parse(inspect.getsource(settings))
    body = next(
        node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == model.__name__
    )
    found: dict[str, str] = {}
    for field, below in pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(below, ast.Expr):
            found[ast.unparse(field.target)] = str(ast.literal_eval(below.value))
    return found


def events_page() -> str:
    """Every kind of event."""
    rows = []
    for kind, fact in KNOWN.items():
        fields = ", ".join(f"`{name}`" for name in fact.model_fields if name != "kind") or "–"
        rows.append(f"| `{kind}` | {fact.says} | {fields} |")
    head = (
        "# Events\n\nOne fact each, past tense, never changed. Around each stands the envelope: `id`, "
        "`origin`, `seq`, `at`, `wall`, `by`, `terminal`, `clinic`, `appointment`, `patient`, `about`. "
        "A kind that a version does not know is kept and shown as “from a newer version”.\n\n"
    )
    return HEAD + head + "| kind | in the log | data |\n|---|---|---|\n" + "\n".join(rows) + "\n"


PAGES = {
    "keys.md": keys_page,
    "roles.md": roles_page,
    "settings.md": settings_page,
    "events.md": events_page,
}


def main() -> int:
    """Write the pages, or with `--check` say which are stale."""
    check = "--check" in sys.argv[1:]
    stale = []
    for name, page in PAGES.items():
        path, text = DOCS / name, page()
        if check and (not path.exists() or path.read_text("utf-8") != text):
            stale.append(name)
        elif not check:
            path.write_text(text, "utf-8")
    if stale:
        print(f"stale: {', '.join(stale)}; run `make docs`", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
