from tests.complaints.conftest import account, complaint, contact, in_progress, log

__all__ = ["account", "complaint", "contact", "in_progress", "log"]
