"""The house of the web's tests."""

from tests.web.conftest import house

__all__ = ["house"]
