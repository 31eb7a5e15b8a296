import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from complaints import files, services
from complaints.files import FileRefused
from complaints.models import Attachment
from core.operations import SYSTEM


def text_file(content=b"a note"):
    return SimpleUploadedFile("note.txt", content)


def archive(*names):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return content.getvalue()


@pytest.fixture
def attach(agent, complaint, uploads, now):
    def attach_one(content, name="file"):
        upload = SimpleUploadedFile(name, content, content_type="text/html")
        return services.attach_file(actor=agent, complaint=complaint, file=upload, now=now)

    return attach_one


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 x", "application/pdf"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF0000WEBPVP8 ", "image/webp"),
        ("Касата".encode(), "text/plain"),
        (archive("word/document.xml"), files.OFFICE["word/"]),
        (archive("xl/workbook.xml"), files.OFFICE["xl/"]),
    ],
)
def test_kind_is_what_the_content_shows(attach, content, kind):
    kept = attach(content, "page.html")

    assert (kept.content_type, kept.size) == (kind, len(content))
    assert kept.name not in kept.file.name


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x7fELF\xff\xfe",
        b"\xef\xbb\xbf <svg onload=x>",
        b"text\0more",
        archive("run.exe"),
        b"PK\x03\x04 broken",
    ],
)
def test_what_is_none_of_the_allowed_kinds_is_refused(attach, content):
    with pytest.raises(FileRefused):
        attach(content)

    assert not Attachment.objects.exists()


def test_size_number_and_twins_are_limited(attach, settings, monkeypatch):
    settings.ATTACHMENT_MAX_BYTES = 1024 * 1024
    monkeypatch.setattr(files, "MAX_FILES", 2)
    attach(b"one")

    for content, why in [(b"x" * (1024 * 1024 + 1), "larger than 1 MB"), (b"one", "already")]:
        with pytest.raises(FileRefused, match=why):
            attach(content)
    attach(b"two")
    with pytest.raises(FileRefused, match="at most 2"):
        attach(b"three")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("..\\..\\a\u202eb.txt", "ab.txt"),
        ("x" * 300 + ".txt", "x" * 156 + ".txt"),
        ("\u200b", "file"),
    ],
)
def test_shown_name_is_harmless(given, shown):
    assert files._shown_name(given) == shown


def test_a_restricted_file_is_for_those_who_work_on_the_case(
    client, complaint, agent, people, uploads, now
):
    kept = services.attach_file(
        actor=agent, complaint=complaint, file=text_file(), is_restricted=True, now=now
    )
    page = reverse("complaints:attachment", args=[complaint.pk, kept.pk])

    seen = {}
    for who in (agent, people["fi"]):
        client.force_login(who)
        answer = client.get(page)
        seen[who.name] = answer.status_code
        if answer.streaming:
            assert b"".join(answer) == b"a note"

    assert seen == {agent.name: 200, people["fi"].name: 404}


def test_a_program_gets_what_the_client_sent_and_not_what_colleagues_attached(
    program, complaint, agent, uploads, now
):
    ours = services.attach_file(actor=agent, complaint=complaint, file=text_file(), now=now)
    theirs = services.attach_file(
        actor=SYSTEM, complaint=complaint, file=text_file(b"from the client"), channel="portal",
        now=now,
    )  # fmt: skip
    there = f"/api/v1/complaints/{complaint.pk}/attachments"

    listed = [each["id"] for each in program.get(there).json()["results"]]

    assert listed == [str(theirs.pk)]
    assert program.get(f"{there}/{ours.pk}").status_code == 404
