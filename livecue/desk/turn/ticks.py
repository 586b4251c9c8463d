"""What time brings: the show is followed, and what is too old forgotten."""

import msgspec

from livecue.desk.state import BUCKET_MS, Cluster
from livecue.desk.turn.lineup import running_show, same_lineup, wants_more
from livecue.desk.turn.rows import Rows
from livecue.shows import ShowsPicture


class Ticks(Rows):
    """One tick."""

    def ticked(self, now: int, shows: ShowsPicture | None) -> None:
        """Take over what the ledger of shows says; forget what is too old."""
        if shows is not None:
            self._follow(shows)
        span = now // BUCKET_MS
        if span != self.span:
            self.span = span
            self._forget(now)
        if wants_more(self.waiting, self.beyond):
            self._take_in()

    def _follow(self, shows: ShowsPicture) -> None:
        show = running_show(shows)
        if show != self.show:
            self.show = show
            self.waiting, self.beyond, self.clusters, self.counts = {}, {}, {}, {}
            self._own.clear()
            self._others.clear()
        self.pinned = shows.pinned
        if not same_lineup(self.products, self.listed, shows):
            self._set_lineup(tuple(shows.products), dict(shows.listed))

    def _forget(self, now: int) -> None:
        for comment, item in list(self.waiting.items()):
            if now - item.when <= self._bounds.forget_s * 1000:
                break
            del self.waiting[comment]
        end = int(now - self._bounds.forget_s * 1000)
        self.beyond = {span: count for span, count in self.beyond.items() if (span + 1) * BUCKET_MS > end}
        oldest = int(now - self._bounds.hot_s * 1000) // BUCKET_MS + 1
        for name, cluster in list(self.clusters.items()):
            if any(span < oldest for span in cluster.counts):
                self._thin(name, cluster, oldest)

    def _thin(self, name: str, cluster: Cluster, oldest: int) -> None:
        counts = {span: count for span, count in cluster.counts.items() if span >= oldest}
        if not counts:
            del self.clusters[name]
            self._others.clear()
            return
        self.clusters[name] = msgspec.structs.replace(
            cluster,
            counts=counts,
            askers={user: span for user, span in cluster.askers.items() if span >= oldest},
            since=max(cluster.since, min(counts) * BUCKET_MS),
        )
        self._own.add(name)
