"""The doors to platforms, shops, files and machines: one folder each, and the tools they share.

Only ``app`` knows them, by their manifests.
"""

from livecue.integrations.manifest import Manifest, Recordable, Setting, load_manifests

__all__ = ["Manifest", "Recordable", "Setting", "load_manifests"]
