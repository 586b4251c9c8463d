"""Programs for those who build LiveCue: the tasks of tasks.py, and the makers of the tables that ship."""
