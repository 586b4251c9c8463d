"""Where this installation is kept, as its settings say."""

from livecue.config import Settings
from livecue.store import Broker, Store, store_at


def broker_of(settings: Settings) -> Broker | None:
    """The NATS servers that hold the journal; None when the database does."""
    url = settings.store_nats.get_secret_value()
    if not url:
        return None
    return Broker(
        url=url,
        prefix=settings.store_nats_prefix,
        replicas=settings.store_nats_replicas,
        creds=settings.store_nats_creds,
        max_mb=settings.store_nats_max_mb,
    )


def store_of(settings: Settings) -> Store:
    """The store that the settings name."""
    return store_at(settings.database, settings.store_dsn.get_secret_value(), broker_of(settings))
