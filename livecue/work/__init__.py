"""What is to be done: tasks and improvements."""

from livecue.work.ledger import Improvement, Task, TaskRow, Work, WorkPicture, list_improvements, list_tasks

__all__ = ["Improvement", "Task", "TaskRow", "Work", "WorkPicture", "list_improvements", "list_tasks"]
