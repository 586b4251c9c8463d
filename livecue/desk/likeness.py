"""Which questions are the same question."""

from functools import lru_cache
from itertools import islice

from livecue.desk.chars import FOLD
from livecue.desk.state import Cluster

_COMPARED = 24
"""How many of the newest clusters a question of no known topic is compared with: a flood of talk must stay cheap."""
_IDLE = frozenset("吗呢啊呀吧嘛哦么的了啦~?!,.，。？！～ 主播请问一下个")


class _Bare(dict[int, str]):
    """For ``str.translate``: a sign to what is compared of it, found once per sign."""

    def __missing__(self, sign: int) -> str:
        folded = chr(FOLD[min(sign, 0x1FFFF)])
        bare = self[sign] = "" if folded in _IDLE else folded
        return bare


_BARE = _Bare()


@lru_cache(maxsize=4096)
def pairs_of(text: str) -> frozenset[str]:
    """The pairs of characters of a text without calls, particles and signs; the whole when it is too short."""
    bare = text[:120].translate(_BARE)
    return frozenset(map(str.__add__, bare, bare[1:])) or frozenset({bare})


class Others:
    """The newest questions of no known topic, by product, to be compared with; kept for one turn of the desk."""

    def __init__(self) -> None:
        self._newest: dict[str, list[tuple[str, frozenset[str]]]] = {}

    def of(self, product: str, clusters: dict[str, Cluster]) -> list[tuple[str, frozenset[str]]]:
        """Names and pairs of the newest clusters of the product, newest first."""
        found = self._newest.get(product)
        if found is None:
            alike = (
                (name, pairs_of(cluster.text))
                for name, cluster in reversed(clusters.items())
                if cluster.topic == "other" and cluster.product == product
            )
            found = self._newest[product] = list(islice(alike, _COMPARED))
        return found

    def add(self, name: str, cluster: Cluster) -> None:
        """A new cluster stands behind all others."""
        if cluster.topic == "other" and cluster.product in self._newest:
            self._newest[cluster.product].insert(0, (name, pairs_of(cluster.text)))
            del self._newest[cluster.product][_COMPARED:]

    def clear(self) -> None:
        """Clusters are gone."""
        self._newest.clear()


def cluster_of(
    comment: str,
    text: str,
    topic: str,
    product: str,
    clusters: dict[str, Cluster],
    others: Others,
    like_from: float,
) -> str:
    """The id of the cluster a question belongs to: topic and product, or for other topics the likest earlier one.

    Two questions are one when they share ``like_from`` (0 to 1) of their pairs of characters.
    """
    if topic != "other":
        return f"{topic}/{product}"
    best, most = comment, like_from
    mine = pairs_of(text)
    for name, theirs in others.of(product, clusters):
        shared = len(mine & theirs)
        share = shared / (len(mine) + len(theirs) - shared)
        if share >= most and (share > most or best == comment):
            best, most = name, share
    return best
