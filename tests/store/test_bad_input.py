"""Every way to name the wrong database ends in a sentence that says what to do, and harms nothing."""

from pathlib import Path

import psycopg
import pytest

from livecue.app import App
from livecue.config import load_settings
from livecue.errors import BadInput, Conflict, StoreFailed
from livecue.store import postgres as driver
from livecue.store import store_at
from tests.postgres import Cluster


@pytest.mark.parametrize(
    ("dsn", "said"),
    [
        ("postgresql://livecue:geheim@127.0.0.1:1/livecue", "cannot reach PostgreSQL.*check host, port"),
        ("this is no dsn", "postgresql://user:password@host:5432/database"),
        ("postgresql://h:5432/d?unknown_thing=1", "cannot be read|cannot reach"),
    ],
)
def test_a_wrong_dsn_says_how_to_write_it(tmp_path: Path, dsn: str, said: str) -> None:
    with pytest.raises((BadInput, StoreFailed), match=said) as told:
        store_at(tmp_path, dsn).migrate()
    assert "geheim" not in str(told.value)


def test_a_database_that_is_not_there(tmp_path: Path, postgres: Cluster) -> None:
    with pytest.raises(StoreFailed, match=r"does not exist.*check host, port"):
        store_at(tmp_path, postgres.dsn("nowhere")).migrate()


def test_an_old_server_is_refused(tmp_path: Path, postgres: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "OLDEST", 990000)
    with pytest.raises(BadInput, match=r"PostgreSQL \d+ is too old: LiveCue needs 15 or newer"):
        store_at(tmp_path, postgres.database(schema=False)).migrate()


def test_another_encoding_is_refused(tmp_path: Path, postgres: Cluster) -> None:
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE ascii TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
    with pytest.raises(BadInput, match=r"SQL_ASCII.*ENCODING 'UTF8'"):
        store_at(tmp_path, postgres.dsn("ascii")).migrate()


def test_a_half_migrated_schema_is_named(tmp_path: Path, postgres: Cluster) -> None:
    dsn = postgres.database()
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("DROP TABLE cues")
    with pytest.raises(BadInput, match=r"half there: cues is lacking; restore the whole backup"):
        store_at(tmp_path, dsn).migrate()


def test_foreign_tables_are_left_alone(tmp_path: Path, postgres: Cluster) -> None:
    dsn = postgres.database(schema=False)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("CREATE TABLE orders (theirs TEXT)")
    with pytest.raises(BadInput, match=r"did not make whole \(orders\); name an empty database"):
        store_at(tmp_path, dsn).migrate()
    with psycopg.connect(dsn) as connection:
        assert connection.execute("SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'").fetchall() == [(1,)]


def test_two_installations_do_not_share_a_database(tmp_path: Path, postgres: Cluster) -> None:
    dsn = postgres.database()
    store = store_at(tmp_path, dsn)
    own = store.claim("")
    store.release()
    with pytest.raises(Conflict, match=f"belongs to installation {own}, this data folder to other"):
        store_at(tmp_path, dsn).claim("other")
    with psycopg.connect(dsn) as connection:
        connection.execute("INSERT INTO journal VALUES ('o','b','r',1,1,'s','',-1,0,'')")
    with pytest.raises(Conflict, match=f"set store_installation = '{own}'"):
        store_at(tmp_path, dsn).claim("")
    assert store_at(tmp_path, dsn).claim(own) == own


def test_a_server_that_would_forget_is_found(tmp_path: Path, postgres: Cluster) -> None:
    with pytest.raises(StoreFailed, match="fsync is off"):
        store_at(tmp_path, postgres.database()).sound()


def test_the_setting_is_read_from_file_and_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "livecue.toml"
    file.write_text('[store]\ndsn = "postgresql://one/d"\ninstallation = "abc"\n')
    settings = load_settings(file)
    assert (settings.store_dsn.get_secret_value(), settings.store_installation) == ("postgresql://one/d", "abc")
    assert "//one" not in repr(settings)
    monkeypatch.setenv("LIVECUE_STORE_DSN", "postgresql://two/d")
    assert load_settings(file).store_dsn.get_secret_value() == "postgresql://two/d"
    file.write_text("[store]\ndsm = 1\n")
    with pytest.raises(BadInput, match=r"\[store\] takes dsn, installation, nats,"):
        load_settings(file)


def test_a_folder_remembers_its_installation(
    tmp_path: Path, postgres: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIVECUE_STORE_DSN", postgres.database())
    app = App(load_settings(data=tmp_path / "a"))
    app.start()
    app.first_owner()
    app.stop()
    again = App(load_settings(data=tmp_path / "a"))
    again.reader.close()
    again.release()
    with pytest.raises(Conflict, match="this data folder to none"):
        App(load_settings(data=tmp_path / "b"))
