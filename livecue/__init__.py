"""LiveCue: the self-hosted control room of a live-selling team."""

__version__ = "0.1.0"
