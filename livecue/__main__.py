"""``python -m livecue``."""

from livecue.cli import main

main()
