"""What viewers say: judged once each, and put to those who ask the same."""

from collections.abc import Sequence

import msgspec

from livecue.desk.likeness import cluster_of
from livecue.desk.state import BUCKET_MS, JUDGED, MOST_ASKERS, MOST_CLUSTERS, MOST_WAITING, Cluster, JudgedView, Waiting
from livecue.desk.triage import Judgement, judge
from livecue.desk.turn.rows import Rows
from livecue.events import CommentJudged, CommentPosted

_QUIET = ("chat", "intent")
"""Labels whose text nobody needs again: it stands in the comment itself."""


class Said(Rows):
    """Comments and clusters."""

    def comments(self, comments: Sequence[CommentPosted]) -> None:
        """Judge, each once; ``pinned`` and the lineup are those of this moment."""
        texts = [comment.text for comment in comments]
        told = self._recalled(comments) or judge(texts, self._lineup, self.pinned, self._bounds)
        for comment, said in zip(comments, told, strict=True):
            self._take(comment, said)
        for comment, said in zip(comments[-JUDGED:], told[-JUDGED:], strict=True):
            self.judged[comment.key] = JudgedView(
                said.label, said.topic, said.product, said.confidence, said.hide != "", said.hide, said.for_host
            )
        if len(self.judged) > JUDGED:
            self.judged = dict(list(self.judged.items())[-JUDGED:])

    def _recalled(self, comments: Sequence[CommentPosted]) -> list[Judgement]:
        """What was said of them then, when a room is rebuilt that another model judged; else nothing."""
        if self._unit.recorded is None:
            return []
        then = {event.comment: event for event in self._unit.recorded if isinstance(event, CommentJudged)}
        if any(comment.key not in then for comment in comments):
            return []
        said = [then[comment.key] for comment in comments]
        return [Judgement(e.label, e.topic, e.product, e.confidence, e.for_host, e.reason) for e in said]

    def _take(self, comment: CommentPosted, told: Judgement) -> None:
        key, now, room = comment.key, self._unit.now, self._room
        label, hide = told.label, told.hide
        quiet = label in _QUIET and not hide
        self._said.append(
            CommentJudged(
                comment=key,
                label=label,
                text="" if quiet else comment.text,
                user="" if quiet else comment.user,
                product=told.product,
                topic=told.topic,
                confidence=told.confidence,
                hidden=hide != "",
                for_host=told.for_host,
                when=now,
                reason=hide,
            )
        )
        self._judgements.append(
            (
                room.org, room.brand, room.room, self.show, now, key,
                label, told.topic, told.product, told.confidence, hide, told.for_host,
            )
        )  # fmt: skip
        self.counts[label] = self.counts.get(label, 0) + 1
        if label == "question":
            self._ask(comment, told)

    def _ask(self, comment: CommentPosted, told: Judgement) -> None:
        now, room, topic, product = self._unit.now, self._room, told.topic, told.product
        name = cluster_of(
            comment.key, comment.text, topic, product, self.clusters, self._others, self._bounds.like_from
        )
        cluster = self._cluster(name) or Cluster(topic, product, comment.text, now, {}, {})
        if name not in self.clusters:
            self._make_place()
            self.clusters[name] = cluster
            self._own.add(name)
            self._others.add(name, cluster)
        span = now // BUCKET_MS
        user = comment.user
        if not user or user not in cluster.askers:
            cluster.counts[span] = cluster.counts.get(span, 0) + 1
        if user and (user in cluster.askers or len(cluster.askers) < MOST_ASKERS):
            cluster.askers.setdefault(user, span)
        self._questions.append(
            (
                room.org, room.brand, room.room, self.show, now, comment.key,
                topic, product, name, comment.text, told.for_host,
            )
        )  # fmt: skip
        if told.hide:
            return
        # Whoever asks while others wait as rows waits behind them: the oldest come first.
        if self.beyond or len(self.waiting) >= MOST_WAITING:
            self._count_beyond(now, 1)
        else:
            self.waiting[comment.key] = Waiting(name, comment.text, topic, product, told.for_host, now, self.show)

    def _cluster(self, name: str) -> Cluster | None:
        """The cluster, as a copy of this turn's own that may be filled."""
        cluster = self.clusters.get(name)
        if cluster is not None and name not in self._own:
            cluster = msgspec.structs.replace(cluster, counts=dict(cluster.counts), askers=dict(cluster.askers))
            self.clusters[name] = cluster
            self._own.add(name)
        return cluster

    def _make_place(self) -> None:
        if len(self.clusters) < MOST_CLUSTERS:
            return
        # The quarter nobody asked for longest goes at once: one look over all of them for many new ones.
        clusters = self.clusters
        # Spans are counted in the order of time: the last one is the newest.
        newest = sorted((next(reversed(cluster.counts), 0), name) for name, cluster in clusters.items())
        for _, name in newest[: MOST_CLUSTERS // 4]:
            del clusters[name]
        self._others.clear()
