"""Three brokers and a database, two pumps and two webs as real processes: a broker is killed, the database restarted,
the owner killed, and every total stays exact."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.test_programs import ROOMS, Sender, exact
from tests.nats import Nats, server_program
from tests.network import Island, may_cut
from tests.postgres import Cluster, server_folder
from tests.programs import Program, Town, until


class Patient(Sender):
    """Sends the same again until it is answered: what a sender does while something is being replaced."""

    patience_s = 60.0
    resent = 0

    def send(self, web: Program, room: str, events: list[dict[str, object]]) -> None:
        """Until it is acknowledged."""
        end = time.monotonic() + self.patience_s
        while True:
            try:
                super().send(web, room, events)
                return
            except self.Unheard:
                if time.monotonic() > end:
                    raise
                self.resent += 1
                time.sleep(0.1)


@pytest.fixture
def servers() -> Iterator[tuple[Cluster, Nats]]:
    """A database that flushes, and a cluster of three brokers."""
    if server_folder() is None or server_program() is None:
        pytest.skip("not run: PostgreSQL and NATS (install postgresql and nats-server)")
    cluster, nats = Cluster(durable=True), Nats(3)
    try:
        cluster.start()
        nats.start()
        yield cluster, nats
    finally:
        nats.remove()
        cluster.remove()


@pytest.mark.faults
def test_a_show_survives_a_broker_a_database_and_its_owner_with_exact_totals(
    servers: tuple[Cluster, Nats], tmp_path: Path
) -> None:
    cluster, nats = servers
    town = Town(tmp_path, cluster.database(), nats.broker())
    try:
        town.prepare(ROOMS)
        first, second = town.start("pump,runner", "first"), town.start("pump,runner", "second")
        webs = [town.start("intake,web", "web1"), town.start("intake,web", "web2")]
        for program in town.programs:
            program.up()
        until(lambda: town.rooms_of(first) and town.rooms_of(second), 30)
        for web in webs:
            town.sign_in(web)
        sender = Patient(town, webs)
        sender.start()
        sender.sent(20)

        # Whichever node is killed is the leader of some stream, or the one that a program is connected to.
        nats.nodes[1].sign(signal.SIGKILL)
        sender.sent(20)
        nats.nodes[1].start()
        sender.sent(20)

        cluster.stop("immediate")
        time.sleep(1)
        cluster.start()
        sender.sent(20)
        assert all(program.runs() for program in town.programs), "a database that was away strikes nobody out"

        until(lambda: town.rooms_of(first), 30)
        first.kill()
        until(lambda: len(town.rooms_of(second)) == len(ROOMS) + 1, 30)
        sender.sent(20)
        nats.nodes[0].sign(signal.SIGKILL)
        sender.sent(20)
        sender.over.set()
        sender.join()
        exact(town, webs[1], sender.acknowledged)
        assert sender.resent, "nothing was in the way of the sender: this test has tested nothing"
    finally:
        town.close()


@pytest.fixture
def island() -> Iterator[Island]:
    """A machine whose cable can be cut."""
    if why := may_cut():
        pytest.skip(why)
    made = Island()
    made.make()
    yield made
    made.remove()


@pytest.mark.faults
def test_a_machine_cut_off_the_network_is_replaced_and_writes_nothing_when_it_is_back(
    island: Island, tmp_path: Path
) -> None:
    """An owner of rooms and a broker stand on it; the database, two brokers, the other owner and the webs do not."""
    if server_folder() is None or server_program() is None:
        pytest.skip("not run: PostgreSQL and NATS (install postgresql and nats-server)")
    cluster, nats = Cluster(durable=True, address=island.here), Nats(3, island=island)
    town: Town | None = None
    try:
        cluster.start()
        nats.start()
        town = Town(tmp_path, cluster.database(), nats.broker())
        town.prepare(ROOMS)
        away = town.start("pump,runner", "away", island.name)
        here = town.start("pump,runner", "here").up()
        webs = [town.start("intake,web", "web1").up(), town.start("intake,web", "web2").up()]
        until(lambda: town.rooms_of(away) and town.rooms_of(here), 60)
        for web in webs:
            town.sign_in(web)
        sender = Patient(town, webs)
        sender.start()
        sender.sent(20)

        lost = town.rooms_of(away)
        island.cut()
        began = time.monotonic()
        until(lambda: len(town.rooms_of(here)) == len(ROOMS) + 1, 30)
        replaced_s = time.monotonic() - began
        sender.sent(20)
        assert away.runs(), "it was to be cut off, not to end"
        owners = town.owners()
        island.mend()
        # It finds that it is struck out; whoever watches over it starts it anew.
        until(lambda: not away.runs(), 60)
        assert town.owners() == owners
        sender.sent(20)
        sender.over.set()
        sender.join()
        exact(town, webs[1], sender.acknowledged)
        print(f"{len(lost)} rooms of the machine cut off were taken over within {replaced_s:.1f} s")
    finally:
        if town is not None:
            town.close()
        nats.remove()
        cluster.remove()
