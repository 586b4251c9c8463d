"""Pairs that exclude each other, gathered into few large sets of which one at most can be chosen.

A row for a whole clique is far stronger in a relaxation than a row for each pair.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

Node = TypeVar("Node")


def covers(
    nodes: tuple[Node, ...], clash: Callable[[Node, Node], bool], near: Callable[[Node, Node], bool]
) -> list[tuple[Node, ...]]:
    """Cliques that together hold every clashing pair of ``nodes`` and every node.

    ``nodes`` are sorted; ``near(a, b)`` is false when neither ``b`` nor any node after it can clash with ``a``.
    """
    edges: set[tuple[int, int]] = set()
    for a in range(len(nodes)):
        for b in range(a + 1, len(nodes)):
            if not near(nodes[a], nodes[b]):
                break
            if clash(nodes[a], nodes[b]):
                edges.add((a, b))
    return [tuple(nodes[place] for place in clique) for clique in _cover(len(nodes), frozenset(edges))]


@lru_cache(maxsize=4096)
def _cover(count: int, edges: frozenset[tuple[int, int]]) -> tuple[tuple[int, ...], ...]:
    around: list[set[int]] = [set() for _ in range(count)]
    for a, b in edges:
        around[a].add(b)
        around[b].add(a)
    open_edges = set(edges)
    found: list[tuple[int, ...]] = []
    for a, b in sorted(edges):
        if (a, b) not in open_edges:
            continue
        clique = [a, b]
        common = around[a] & around[b]
        while common:
            # The neighbour that covers most of what is still open, the first of equals.
            best = min(common, key=lambda n: (-sum((min(n, c), max(n, c)) in open_edges for c in clique), n))
            clique.append(best)
            common &= around[best]
        clique.sort()
        open_edges -= {(x, y) for place, x in enumerate(clique) for y in clique[place + 1 :]}
        found.append(tuple(clique))
    covered = {node for clique in found for node in clique}
    return (*found, *((node,) for node in range(count) if node not in covered))
