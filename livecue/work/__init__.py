"""What is to be done: tasks and improvements."""

from livecue.work.ledger import Improvement, Task, TaskRow, Work, WorkPicture, find_task, list_improvements, list_tasks

__all__ = ["Improvement", "Task", "TaskRow", "Work", "WorkPicture", "find_task", "list_improvements", "list_tasks"]
