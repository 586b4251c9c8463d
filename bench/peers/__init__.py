"""Stream engines doing the one thing they share with LiveCue: a count per kind in windows of 5 s, in memory."""
