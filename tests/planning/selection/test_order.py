"""The order of what was chosen, against every order there is."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecue.planning.selection import Place, ordered, worth_of_order

PLACES = st.lists(
    st.builds(
        Place,
        phase=st.integers(0, 2),
        category=st.sampled_from(["", "a", "b"]),
        pull=st.sampled_from([0.0, 0.01, 0.02]),
        worth=st.integers(-50, 900).map(float),
    ),
    max_size=6,
)


@given(places=PLACES)
def test_no_order_is_worth_more(places: list[Place]) -> None:
    found = ordered(places)
    assert sorted(found.order) == list(range(len(places)))
    assert [places[n].phase for n in found.order] == sorted(place.phase for place in places)
    every = (
        order
        for order in itertools.permutations(range(len(places)))
        if [places[n].phase for n in order] == sorted(place.phase for place in places)
    )
    assert found.proved
    assert found.worth == pytest.approx(max(worth_of_order(places, order) for order in every))


def test_a_long_phase_gets_a_good_order_and_says_so() -> None:
    places = [Place(phase=0, category=str(n % 2), pull=0.02 * (n % 3 == 0), worth=float(n)) for n in range(20)]
    found = ordered(places)
    assert not found.proved and sorted(found.order) == list(range(20))
    assert found.worth > worth_of_order(places, list(range(20)))
    assert all(places[a].category != places[b].category for a, b in itertools.pairwise(found.order))
