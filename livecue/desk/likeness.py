"""Which questions are the same question."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

from livecue.desk.chars import FOLD
from livecue.desk.state import Cluster

_COMPARED = 24
"""How many of the newest clusters a question of no known topic is compared with: a flood of talk must stay cheap."""
LIKE_FROM = 0.5
"""Two questions of no known topic are one when they share half of their pairs of characters."""
_IDLE = frozenset("吗呢啊呀吧嘛哦么的了啦~?!,.，。？！～ 主播请问一下个")


@lru_cache(maxsize=4096)
def pairs_of(text: str) -> frozenset[str]:
    """The pairs of characters of a text without calls, particles and signs; the whole when it is too short."""
    folded = [chr(FOLD[min(ord(sign), 0x1FFFF)]) for sign in text[:120]]
    bare = "".join(sign for sign in folded if sign not in _IDLE)
    return frozenset(bare[at : at + 2] for at in range(len(bare) - 1)) or frozenset({bare})


def cluster_of(comment: str, text: str, topic: str, product: str, clusters: dict[str, Cluster]) -> str:
    """The id of the cluster a question belongs to: topic and product, or for other topics the likest earlier one."""
    if topic != "other":
        return f"{topic}/{product}"
    best, most = comment, LIKE_FROM
    mine = pairs_of(text)
    for name, cluster in islice(_others(reversed(clusters.items()), product), _COMPARED):
        theirs = pairs_of(cluster.text)
        shared = len(mine & theirs)
        share = shared / (len(mine) + len(theirs) - shared)
        if share >= most and (share > most or best == comment):
            best, most = name, share
    return best


def _others(clusters: Iterable[tuple[str, Cluster]], product: str) -> Iterable[tuple[str, Cluster]]:
    return ((name, cluster) for name, cluster in clusters if cluster.topic == "other" and cluster.product == product)
