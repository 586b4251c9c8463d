"""The states of orders, parcels and after-sale cases, their legal moves, and what each platform calls them."""

from collections.abc import Iterator

from livecue.docs.words import Words, code, table
from livecue.sales import MACHINES, STATE_MAPS, Machine


def page(words: Words) -> Iterator[str]:
    """docs/*/reference/states.md."""
    yield f"# {words.label('states')}"
    yield ""
    yield words.label("states_intro")
    yield ""
    for name, machine in MACHINES.items():
        yield f"## {words.label('states_' + name)}"
        yield ""
        yield from _machine(machine, words)
    yield f"## {words.label('states_platforms')}"
    yield ""
    yield words.label("states_platforms_intro")
    yield ""
    for system, known in STATE_MAPS.items():
        yield f"### {words.of(known)} ({code(system)})"
        yield ""
        yield f"{words.said('source', known.source)} ({known.confidence})"
        yield ""
        rows = [
            (words.label(what), code(word), code(ours))
            for what, found in (
                ("states_order", known.orders),
                ("states_case", known.cases),
                ("states_types", known.types),
                ("states_parcel", known.parcels),
            )
            for word, ours in found.items()
        ]
        yield from table([words.label(head) for head in ("states_what", "states_theirs", "states_ours")], rows)


def _machine(machine: Machine, words: Words) -> Iterator[str]:
    states = [
        (code(state.code), words.of(state), words.label("yes") if state.ends else "")
        for state in machine.states.values()
    ]
    yield from table([words.label(head) for head in ("code", "states_name", "states_ends")], states)
    moves = [
        (
            words.list(words.of(machine.states[source]) for source in move.source),
            code(move.event),
            words.of(machine.states[move.to]),
            words.of(move),
            move.mark,
        )
        for move in machine.table.move
    ]
    yield from table([words.label(h) for h in ("states_from", "code", "states_to", "meaning", "mark")], moves)
