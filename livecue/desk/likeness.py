"""Which questions are the same question."""

from dataclasses import dataclass
from functools import lru_cache
from unicodedata import category

from livecue.desk.chars import A_NOT_A, DIGIT, FOLD
from livecue.desk.state import Cluster

_COMPARED = 24
"""How many of the newest clusters a question of no known topic is compared with: a flood of talk must stay cheap."""
_IDLE = frozenset("吗呢啊呀吧嘛哦么的了啦主播请问一下个")


class _Bare(dict[int, str]):
    """For ``str.translate``: a sign to what is compared of it, found once per sign."""

    def __missing__(self, sign: int) -> str:
        code = int(FOLD[min(sign, 0x1FFFF)])
        folded = chr(code)
        # Letters, figures, and the marks that belong to them (Thai tones, vowels of Hindi).
        says = category(folded)[0] in "LNM" and folded not in _IDLE
        bare = self[sign] = folded if says or code in (DIGIT, A_NOT_A) else ""
        return bare


_BARE = _Bare()


@lru_cache(maxsize=4096)
def pairs_of(text: str) -> frozenset[str]:
    """The pairs of characters of a text without calls, particles and signs; the whole when it is too short."""
    bare = text[:120].translate(_BARE)
    return frozenset(map(str.__add__, bare, bare[1:])) or frozenset({bare or text[:120]})


@dataclass(slots=True)
class _Asked:
    """Questions of no known topic about one product."""

    newest: list[tuple[str, frozenset[str]]]
    """Names and pairs of the newest clusters, newest first."""
    same: dict[frozenset[str], str]
    """Pairs to the cluster whose first question had just these: however many came between, the same words meet."""


class Others:
    """The questions of no known topic, by product, to be compared with; kept for one turn of the desk."""

    def __init__(self) -> None:
        self._asked: dict[str, _Asked] = {}

    def of(self, product: str, clusters: dict[str, Cluster]) -> _Asked:
        """What was asked about the product."""
        found = self._asked.get(product)
        if found is None:
            oldest_first = [
                (name, pairs_of(cluster.text))
                for name, cluster in clusters.items()
                if cluster.topic == "other" and cluster.product == product
            ]
            same = {pairs: name for name, pairs in oldest_first}
            found = self._asked[product] = _Asked(oldest_first[: -_COMPARED - 1 : -1], same)
        return found

    def add(self, name: str, cluster: Cluster) -> None:
        """A new cluster stands before all others."""
        asked = self._asked.get(cluster.product) if cluster.topic == "other" else None
        if asked is not None:
            pairs = pairs_of(cluster.text)
            asked.same[pairs] = name
            asked.newest.insert(0, (name, pairs))
            del asked.newest[_COMPARED:]

    def clear(self) -> None:
        """Clusters are gone."""
        self._asked.clear()


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
    asked = others.of(product, clusters)
    if mine in asked.same:
        return asked.same[mine]
    for name, theirs in asked.newest:
        shared = len(mine & theirs)
        share = shared / (len(mine) + len(theirs) - shared)
        if share >= most and (share > most or best == comment):
            best, most = name, share
    return best
