"""What is to be done: tasks and improvements."""

from livecue.work.ledger import Improvement, Task, Work, WorkPicture, list_improvements

__all__ = ["Improvement", "Task", "Work", "WorkPicture", "list_improvements"]
