"""``livecue user``: who there is, sign-in links, passwords."""

from contextlib import closing
from typing import Annotated

import typer

from livecue.app import address_of, store_of
from livecue.cli.command import Config, Data, err, now_ms, out, reader_of, settings_of, user
from livecue.config import Settings
from livecue.errors import BadInput
from livecue.store import transaction
from livecue.team import find_person, hash_password, list_people, new_link, save_password


@user.command("list")
def user_list(data: Data = None, config: Config = None) -> None:
    """Everybody of the organisation."""
    settings = settings_of(data, config)
    with closing(reader_of(settings)) as reader:
        people = list_people(reader, settings.org)
    for person in people:
        roles = ", ".join(sorted({grant.role for grant in person.grants})) or "-"
        out.print(
            f"{person.person}  {person.name}  {person.login or '-'}  {roles}{'' if person.active else '  (inactive)'}"
        )


@user.command("link")
def user_link(
    person: Annotated[str | None, typer.Argument(help="Whose (default the owner's).")] = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Make a new one-time sign-in link; works while LiveCue runs."""
    settings = settings_of(data, config)
    who = _owner(settings, person)
    with closing(store_of(settings).writer()) as writer, transaction(writer):
        token = new_link(writer, settings.org, who, now_ms())
    running = address_of(settings.data)
    out.print(f"{running or f'http://127.0.0.1:{settings.port}'}/signin?token={token}")
    if not running:
        err.print("LiveCue does not run over this folder now: start it, then open the link (mind the port)")


@user.command("password")
def user_password(
    person: Annotated[str | None, typer.Argument(help="Whose (default the owner's).")] = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Set a password; every session of the person ends."""
    settings = settings_of(data, config)
    who = _owner(settings, person)
    hashed = hash_password(typer.prompt("password", hide_input=True, confirmation_prompt=True))
    with closing(store_of(settings).writer()) as writer, transaction(writer):
        save_password(writer, settings.org, who, hashed, now_ms())
    out.print("done")


def _owner(settings: Settings, person: str | None) -> str:
    with closing(reader_of(settings)) as reader:
        if person is not None:
            if find_person(reader, person) is None:
                raise BadInput(f"there is no person {person!r}; `livecue user list` names them")
            return person
        owners = [p for p in list_people(reader, settings.org) if any(g.role == "owner" for g in p.grants)]
    if not owners:
        raise BadInput("there is no owner yet; `livecue serve` makes one")
    return owners[0].person
