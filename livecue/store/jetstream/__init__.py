"""Journal and signals on NATS JetStream, beside a PostgreSQL that keeps everything else (decision 0027).

``broker`` says where; nothing here imports the client before somebody connects.
"""

from livecue.store.jetstream.broker import Broker

__all__ = ["Broker"]
