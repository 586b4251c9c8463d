"""People, grants, duty, links, passwords, pairing and the limit of tries."""

from pathlib import Path

import pytest

from livecue.errors import BadInput, NotAllowed, Overloaded
from livecue.events import CommandApplied, CommandRefused, DutyLeft, DutyTaken, PersonSaved, RoleGranted, RoleRevoked
from livecue.store import SqliteWriter, migrate, transaction
from livecue.team import (
    EVERYTHING,
    RateLimit,
    Team,
    check_password,
    find_person,
    find_session,
    find_token,
    hash_password,
    new_link,
    new_pairing,
    new_token,
    save_password,
    use_link,
    use_pairing,
)
from tests.folding import ROOM, TestUnit


@pytest.fixture
def unit(tmp_path: Path) -> TestUnit:
    return TestUnit(tmp_path / "t.db")


@pytest.fixture
def writer(tmp_path: Path) -> SqliteWriter:
    migrate(tmp_path / "w.db")
    return SqliteWriter(tmp_path / "w.db")


def test_permissions_follow_roles_per_brand_and_room(unit: TestUnit) -> None:
    Team(ROOM, None).fold(
        [
            PersonSaved(person="p", org="o", name="甲", login="jia"),
            RoleGranted(person="p", role="host", org="o", brand="b", room="r1"),
            RoleGranted(person="p", role="director", org="o", brand="c"),
        ],
        unit,
    )
    person = find_person(unit, "p")
    assert person is not None
    assert "answer" in person.permissions("o", "b", "r1")
    assert person.permissions("o", "b", "r2") == frozenset()
    assert "approve" in person.permissions("o", "c", "any")
    assert person.permissions("other", "c", "any") == frozenset()
    assert person.brands(["a", "b", "c"]) == ["b", "c"]
    Team(ROOM, None).fold([RoleRevoked(person="p", role="director", org="o", brand="c")], unit)
    again = find_person(unit, "p")
    assert again is not None
    assert again.permissions("o", "c") == frozenset()


def test_an_owner_may_everything_and_an_inactive_person_nothing(unit: TestUnit) -> None:
    team = Team(ROOM, None)
    team.fold([PersonSaved(person="p", org="o", name="甲"), RoleGranted(person="p", role="owner", org="o")], unit)
    owner = find_person(unit, "p")
    assert owner is not None
    assert owner.permissions("o", "any", "any") == EVERYTHING
    off = PersonSaved(person="p", org="o", name="甲", active=False)
    team.fold([off], unit)
    assert (alone := find_person(unit, "p")) is not None and alone.active, "the last owner stays"
    team.fold([PersonSaved(person="q", org="o", name="乙"), RoleGranted(person="q", role="owner", org="o"), off], unit)
    gone = find_person(unit, "p")
    assert gone is not None
    assert gone.permissions("o", "any") == frozenset()


def test_a_sign_in_name_belongs_to_one_person(unit: TestUnit) -> None:
    Team(ROOM, None).fold(
        [
            PersonSaved(person="p", org="o", name="甲", login="x"),
            PersonSaved(person="q", org="o", name="乙", login="x", command="c"),
        ],
        unit,
    )
    assert "taken" in unit.said(CommandRefused)[0].why
    assert find_person(unit, "q") is None


def test_duty_is_taken_and_left_once(unit: TestUnit) -> None:
    team = Team(ROOM, None)
    taken = DutyTaken(person="p", role="host", name="甲", command="1")
    team.fold([taken, taken, DutyTaken(person="p", role="juggler", command="2")], unit)
    assert [(d.person, d.role) for d in team.picture(0).duty] == [("p", "host")]
    assert len(unit.said(CommandApplied)) == 2
    assert unit.said(CommandRefused)[0].command == "2"
    team.fold([DutyLeft(person="p", role="host"), DutyLeft(person="p", role="host")], unit)
    assert Team(ROOM, team.dump()).picture(0).duty == []


def test_a_link_works_once_and_not_forever(writer: SqliteWriter) -> None:
    with transaction(writer):
        token = new_link(writer, "o", "p", 1000)
        old = new_link(writer, "o", "p", -(10**9))
        session = use_link(writer, token, 2000)
        for spent in (token, old, "made-up"):
            with pytest.raises(NotAllowed):
                use_link(writer, spent, 2000)
    found = find_session(writer, session, 3000)
    assert found is not None
    assert found.person == "p"
    assert find_session(writer, session, 10**14) is None
    assert find_session(writer, "made-up", 3000) is None
    stored = str(writer.rows("SELECT * FROM sessions"))
    assert session not in stored


def test_passwords_are_hashed_and_end_other_sessions(writer: SqliteWriter) -> None:
    with pytest.raises(BadInput, match="10 characters"):
        hash_password("short")
    hashed = hash_password("a long enough one")
    with transaction(writer):
        writer.write(
            "INSERT INTO people (org, person, name, login, language, active) VALUES ('o','p','甲','jia','zh',1)"
        )
        session = use_link(writer, new_link(writer, "o", "p", 0), 1)
        save_password(writer, "o", "p", hashed, 2)
    assert find_session(writer, session, 3) is None
    assert check_password(writer, "jia", "a long enough one") == ("p", "o")
    for login, password in (("jia", "wrong"), ("nobody", "a long enough one"), ("", "x")):
        with pytest.raises(NotAllowed, match="name or password is wrong"):
            check_password(writer, login, password)


def test_a_paired_device_gets_the_stage_of_one_room(writer: SqliteWriter) -> None:
    with transaction(writer):
        code, expires = new_pairing(writer, "o", "b", "r1", "p", 1000)
        assert len(code) == 8
        with pytest.raises(NotAllowed):
            use_pairing(writer, code, expires)
        token, room = use_pairing(writer, code, 2000)
        with pytest.raises(NotAllowed):
            use_pairing(writer, code, 2000)
    session = find_session(writer, token, 3000)
    assert session is not None
    assert (session.scope, session.room, room) == ("stage", "r1", "r1")


def test_bridge_tokens_run_out_and_are_stored_as_hashes(writer: SqliteWriter) -> None:
    with transaction(writer):
        token = new_token(writer, "o", "b", "r1", "伴侣", "write", 0, 1000)
        with pytest.raises(BadInput):
            new_token(writer, "o", "b", "r1", "x", "admin", 0, 1000)
    found = find_token(writer, token, 999)
    assert found is not None
    assert (found.room, found.scope) == ("r1", "write")
    assert find_token(writer, token, 1000) is None
    assert token not in str(writer.rows("SELECT * FROM bridge_tokens"))


def test_too_many_tries_wait() -> None:
    limit = RateLimit(2, 1000)
    limit.check("a", 0)
    limit.check("a", 1)
    limit.check("b", 1)
    with pytest.raises(Overloaded) as error:
        limit.check("a", 2)
    assert error.value.retry_after_s == pytest.approx(0.998)
    limit.check("a", 1001)
