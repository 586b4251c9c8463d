"""The doors to platforms, shops, files and machines: one folder each, and the tools they share.

Only ``app`` knows them, by their manifests.
"""

from livecue.integrations.contract import Decoder, Receive, Received
from livecue.integrations.manifest import Document, Manifest, Recordable, Setting, load_manifests

__all__ = ["Decoder", "Document", "Manifest", "Receive", "Received", "Recordable", "Setting", "load_manifests"]
