"""Complaint tickets, what was written on them, how trust is won back, and what we learn."""

from complaints.models.attachment import Attachment
from complaints.models.client_link import ClientLink
from complaints.models.complaint import Complaint
from complaints.models.correspondence import InboundMail, Mailbox
from complaints.models.finding import Finding, Prevention
from complaints.models.imports import ComplaintImport
from complaints.models.message import Message
from complaints.models.notice import Notice, NoticeApproval, NoticeText
from complaints.models.pressure import Pressure
from complaints.models.recipient import Recipient
from complaints.models.recovery import Apology, MakeGood, Remedy, Want
from complaints.models.review import CaseReview, Problem, Story
from complaints.models.supplier import Supplier

__all__ = [
    "Apology",
    "Attachment",
    "CaseReview",
    "ClientLink",
    "Complaint",
    "ComplaintImport",
    "Finding",
    "InboundMail",
    "Mailbox",
    "MakeGood",
    "Message",
    "Notice",
    "NoticeApproval",
    "NoticeText",
    "Pressure",
    "Prevention",
    "Problem",
    "Recipient",
    "Remedy",
    "Story",
    "Supplier",
    "Want",
]
