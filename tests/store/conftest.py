"""Each test here runs on every database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from livecue.store import SharedReader, Store, TransactionWriter, store_at
from tests.postgres import Cluster


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """An empty store with the newest schema."""
    if request.param == "sqlite":
        made = store_at(tmp_path / "a.db")
        made.migrate()
        return made
    cluster: Cluster = request.getfixturevalue("postgres")
    return store_at(tmp_path, cluster.database())


@pytest.fixture(params=["sqlite", "postgres"])
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """A place where nothing is yet."""
    if request.param == "sqlite":
        return store_at(tmp_path / "other.db")
    cluster: Cluster = request.getfixturevalue("postgres")
    return store_at(tmp_path, cluster.database())


@pytest.fixture
def writer(store: Store) -> Iterator[TransactionWriter]:
    """Its writer."""
    made = store.writer()
    yield made
    made.rollback()
    made.close()


@pytest.fixture
def reader(store: Store) -> Iterator[SharedReader]:
    """Its reader."""
    made = store.reader()
    yield made
    made.close()
