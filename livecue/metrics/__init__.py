"""What the show amounts to: every live metric by its id, in windows, per segment, product and source, with its age.

Metric ids are those of ``livecue.reference.METRICS``; a point marks a variant of one (``M25.likes``, ``M59.orders``).
"""

from livecue.metrics.reading import WINDOWS_MS, Reading, Readings, StaticReadings

__all__ = ["WINDOWS_MS", "Reading", "Readings", "StaticReadings"]
