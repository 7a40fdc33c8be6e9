"""The journal as TinyDB shows it: every query works, and nothing can be changed or dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from store.journals import COMMITS, a_journal, commit, kept, opened, storage
from tinydb import TinyDB, where
from tinydb.table import Document

from gpa_tui.errors import StoreError
from gpa_tui.store.journal import TABLE, JournalDB

EVENTS = [event for events in COMMITS for event in events]


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[JournalDB]:
    with opened(a_journal(tmp_path)) as found:
        storage(found).catch_up()
        yield found


def test_it_is_a_tinydb(journal: JournalDB) -> None:
    assert isinstance(journal, TinyDB)
    assert journal.tables() == {TABLE}


def test_every_query_works(journal: JournalDB) -> None:
    table = journal.table(TABLE)
    assert list(table.all()) == EVENTS
    assert len(table) == 4
    assert [event.doc_id for event in table] == [1_000_001, 2_000_001, 2_000_002, 3_000_001]
    assert table.search(where("kind") == "second") == EVENTS[1:3]
    assert table.search((where("kind") == "second") & (where("n") > 1)) == EVENTS[2:3]
    assert table.get(where("n") == 2) == EVENTS[2]
    assert table.get(doc_id=1_000_001) == EVENTS[0]
    assert table.get(doc_ids=[1_000_001, 3_000_001]) == [EVENTS[0], EVENTS[3]]
    assert table.get(doc_id=5) is None
    assert table.contains(where("words").search("Zoë"))
    assert not table.contains(doc_id=5)
    assert table.count(where("kind") == "second") == 2


def test_an_insert_gives_the_numbers_of_its_entries(journal: JournalDB) -> None:
    assert journal.insert({"kind": "fourth"}) == 4_000_001
    assert journal.insert_multiple([{"kind": "fifth"}, {"kind": "sixth"}]) == [5_000_001, 5_000_002]
    found = journal.get(doc_id=5_000_001)
    assert found == {"kind": "fifth"}


CHANGES: dict[str, Callable[[JournalDB], Any]] = {
    "update": lambda j: j.update({"kind": "other"}),
    "update where": lambda j: j.update({"kind": "other"}, where("n") == 1),
    "update_multiple": lambda j: j.update_multiple([({"kind": "other"}, where("n") == 1)]),
    "upsert": lambda j: j.upsert({"kind": "other"}, where("n") == 1),
    "upsert a document": lambda j: j.upsert(Document({"kind": "other"}, doc_id=1_000_001)),
    "remove": lambda j: j.remove(where("n") == 1),
    "remove by number": lambda j: j.remove(doc_ids=[1_000_001]),
    "truncate": lambda j: j.truncate(),
    "drop_table": lambda j: j.drop_table(TABLE),
    "drop_tables": lambda j: j.drop_tables(),
    "storage.write": lambda j: j.storage.write({TABLE: {}}),
    "table.update": lambda j: j.table(TABLE).update({"kind": "other"}),
    "table.remove": lambda j: j.table(TABLE).remove(doc_ids=[1_000_001]),
    "table.truncate": lambda j: j.table(TABLE).truncate(),
    "table._update_table": lambda j: j.table(TABLE)._update_table(lambda table: table.clear()),
    "another table's truncate": lambda j: j.table("other").truncate(),
}


@pytest.mark.parametrize("way", CHANGES)
def test_every_way_to_change_or_drop_is_refused(journal: JournalDB, way: str) -> None:
    path = storage(journal).path
    before = path.read_bytes()
    with pytest.raises(StoreError, match="only ever added to"):
        CHANGES[way](journal)
    assert path.read_bytes() == before
    assert list(journal.all()) == kept(path) == EVENTS


def test_no_way_to_change_that_tinydb_has_was_forgotten(journal: JournalDB) -> None:
    """A newer TinyDB with another way must come up here."""
    reading = {"all", "search", "get", "contains", "count", "clear_cache"}
    adding = {"insert", "insert_multiple", "commit"}
    changing = {"update", "update_multiple", "upsert", "remove", "truncate"}
    table = journal.table(TABLE)
    methods = {
        name for name in dir(table) if not name.startswith("_") and callable(getattr(table, name, None))
    }
    classes = {"document_class", "document_id_class", "query_cache_class"}
    assert methods - classes == reading | adding | changing


def nested(path: Path) -> None:
    with opened(path) as journal:
        commit(journal, [{"kind": "nested", "deep": {"list": [1]}}])


@pytest.mark.parametrize(
    "ask",
    [
        lambda j: j.all()[0],
        lambda j: j.get(doc_id=1_000_001),
        lambda j: j.get(where("kind") == "nested"),
        lambda j: next(iter(j)),
        lambda j: j.storage.read()[TABLE]["1000001"],
        lambda j: j.search(where("kind") == "nested")[0],
    ],
    ids=["all", "get by number", "get", "iterating", "read", "search"],
)
def test_a_returned_document_cannot_alter_the_store(tmp_path: Path, ask: Callable[[JournalDB], Any]) -> None:
    path = tmp_path / "2026-11-23.journal"
    nested(path)
    with opened(path) as journal:
        storage(journal).catch_up()
        given = ask(journal)
        given["deep"]["list"].append(2)
        given["kind"] = "changed"
        assert ask(journal) == {"kind": "nested", "deep": {"list": [1]}}


def test_a_document_changed_after_inserting_does_not_alter_the_store(tmp_path: Path) -> None:
    document = {"kind": "nested", "deep": {"list": [1]}}
    with opened(tmp_path / "2026-11-23.journal") as journal:
        journal.insert(document)
        document["deep"]["list"].append(2)  # type: ignore[index]
        assert journal.get(doc_id=1_000_001) == {"kind": "nested", "deep": {"list": [1]}}


def test_a_query_asked_again_finds_what_another_wrote_since(journal: JournalDB) -> None:
    question = where("kind") == "fourth"
    assert journal.search(question) == []
    with opened(storage(journal).path) as other:
        commit(other, [{"kind": "fourth"}])
    storage(journal).catch_up()
    assert journal.search(question) == [{"kind": "fourth"}]


def test_a_query_asked_again_finds_what_was_inserted_here(journal: JournalDB) -> None:
    question = where("kind") == "fourth"
    assert journal.search(question) == []
    commit(journal, [{"kind": "fourth"}])
    assert journal.search(question) == [{"kind": "fourth"}]
