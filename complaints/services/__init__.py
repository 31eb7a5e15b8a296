"""What can be done to a complaint. Browser, REST and timers all end up here."""

from complaints.services.apology import apologise, skip_apology
from complaints.services.asking import ask_client, judge_remedy, note_failed_ask, record_remedy
from complaints.services.callback import OUTCOMES, record_callback
from complaints.services.care import ask_opinion, hand_over, log_call
from complaints.services.client_link import renew_client_link, revoke_client_link
from complaints.services.conversation import add_note, attach_file, comment, reply
from complaints.services.ending import convert, merge, withdraw
from complaints.services.findings import disclose, let_stand, record_findings
from complaints.services.importing import check_import, drop_import, run_import
from complaints.services.intake import Intake, log_complaint
from complaints.services.letter import note_bounce, retry_failed, retry_letter
from complaints.services.make_good import agree_make_good, deliver_make_good, offer_make_good
from complaints.services.moving import move
from complaints.services.notice import (
    NoticeDraft,
    approve_notice,
    close_notice,
    draft_notice,
    edit_notice,
    send_notice,
)
from complaints.services.pressure import Talk, hold_meeting, name_tactics
from complaints.services.prevention import finish_prevention, plan_prevention, tell_prevention
from complaints.services.problem import (
    decide_no_notice,
    edit_problem,
    open_problem,
    solve_problem,
)
from complaints.services.progress import (
    reopen,
    resolve_complaint,
    resume,
    wait,
)
from complaints.services.recipient import (
    TRY_OUTCOMES,
    acknowledge_recipient,
    bounce_recipient,
    comment_notice,
    record_action,
    record_try,
)
from complaints.services.remedy import (
    answer_remedy,
    confirm_remedy,
    decide_remedy,
    deliver_remedy,
)
from complaints.services.review import write_review
from complaints.services.story import archive_story, tell_story
from complaints.services.supplier import (
    add_supplier,
    archive_supplier,
    edit_supplier,
    restore_supplier,
)
from complaints.services.triage import assign, lower_priority, raise_priority, triage
from complaints.services.wants import WantInput, confirm_understanding, set_wants

__all__ = [
    "OUTCOMES",
    "TRY_OUTCOMES",
    "Intake",
    "NoticeDraft",
    "Talk",
    "WantInput",
    "acknowledge_recipient",
    "add_note",
    "add_supplier",
    "agree_make_good",
    "answer_remedy",
    "apologise",
    "approve_notice",
    "archive_story",
    "archive_supplier",
    "ask_client",
    "ask_opinion",
    "assign",
    "attach_file",
    "bounce_recipient",
    "check_import",
    "close_notice",
    "comment",
    "comment_notice",
    "confirm_remedy",
    "confirm_understanding",
    "convert",
    "decide_no_notice",
    "decide_remedy",
    "deliver_make_good",
    "deliver_remedy",
    "disclose",
    "draft_notice",
    "drop_import",
    "edit_notice",
    "edit_problem",
    "edit_supplier",
    "finish_prevention",
    "hand_over",
    "hold_meeting",
    "judge_remedy",
    "let_stand",
    "log_call",
    "log_complaint",
    "lower_priority",
    "merge",
    "move",
    "name_tactics",
    "note_bounce",
    "note_failed_ask",
    "offer_make_good",
    "open_problem",
    "plan_prevention",
    "raise_priority",
    "record_action",
    "record_callback",
    "record_findings",
    "record_remedy",
    "record_try",
    "renew_client_link",
    "reopen",
    "reply",
    "resolve_complaint",
    "restore_supplier",
    "resume",
    "retry_failed",
    "retry_letter",
    "revoke_client_link",
    "run_import",
    "send_notice",
    "set_wants",
    "skip_apology",
    "solve_problem",
    "tell_prevention",
    "tell_story",
    "triage",
    "wait",
    "withdraw",
    "write_review",
]
