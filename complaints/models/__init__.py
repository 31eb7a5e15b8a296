"""Complaint tickets, what was written on them, and files."""

from complaints.models.attachment import Attachment
from complaints.models.complaint import Complaint
from complaints.models.message import Message

__all__ = ["Attachment", "Complaint", "Message"]
