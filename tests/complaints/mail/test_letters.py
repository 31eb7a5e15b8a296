"""What a letter says, whatever was done to its bytes."""

from email.message import EmailMessage
from time import perf_counter

import pytest

from complaints.mail.charsets import one_line, text_of
from complaints.mail.headers import decoded
from complaints.mail.letter import Unreadable, read_head, read_letter
from complaints.mail.words import new_words, text_of_html
from tests.complaints.mail.letters import letter

RUSSIAN = "Здравствуйте! Касса не печатает чеки со вчерашнего утра, прошу срочно помочь."
UKRAINIAN = "Добрий день! Каса не друкує чеки, її вже перевіряли, прошу допомогти."
BULGARIAN = "Здравейте! Касата не печата бележки от вчера сутринта, моля за помощ."
GERMAN = "Die Kasse druckt keine Belege, größere Übergabe für Herrn Müßig."
CHINESE = "收银机不打印收据。"


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (RUSSIAN, "koi8-r"), (RUSSIAN, "windows-1251"), (RUSSIAN, "iso-8859-5"),
        (UKRAINIAN, "koi8-u"), (BULGARIAN, "windows-1251"), (BULGARIAN, "utf-8"),
        (GERMAN, "windows-1252"), (GERMAN, "iso-8859-1"), (RUSSIAN, "utf-16"),
        (CHINESE, "gb18030"),
    ],
)  # fmt: skip
def test_text_is_read_in_its_own_character_set(text, charset):
    assert text_of(text.encode(charset), charset) == text


@pytest.mark.parametrize(
    "declared", ["", "unknown-8bit", "us-ascii", "iso-8859-1", "utf-8", "x-no"]
)
@pytest.mark.parametrize("charset", ["koi8-r", "windows-1251", "iso-8859-5", "utf-8"])
def test_a_wrong_character_set_is_found_out(charset, declared):
    assert text_of(RUSSIAN.encode(charset), declared) == RUSSIAN


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_read_from_its_own_bytes(charset):
    assert text_of(RUSSIAN.encode(charset), "utf-16") == RUSSIAN


@pytest.mark.parametrize("name", ["punycode", "rot13", "unicode_escape", "zip", "\0", "é" * 50])
def test_no_letter_chooses_a_codec_that_is_no_character_set(name):
    assert text_of(b"plain words", name) == "plain words"


def test_headers_are_decoded_across_words_of_one_character():
    subject = "=?utf-8?B?0JrQsNGB0YE=?= =?utf-8?B?0LAg?= =?koi8-r?Q?=CE=C5?= 7"

    assert decoded(subject) == "Касса не 7"


def test_line_breaks_and_control_characters_never_leave_a_header():
    head = read_head(
        b"From: =?utf-8?q?Rada=0d=0aBcc=3a_evil=40x.example?= <Rada@Lipa.example>\r\n"
        b"Subject: =?utf-8?q?Tills=0d=0aBcc:_evil@x.example=00=e2=80=ae?=\r\n\r\n"
    )

    assert (head.sender, head.sender_name) == ("rada@lipa.example", "Rada Bcc: evil@x.example")
    assert head.subject == "Tills Bcc: evil@x.example"


@pytest.mark.parametrize(
    ("subject", "topic"),
    [
        ("Re: AW: FWD: Tills", "Tills"), ("Ответ: Re[2]: Касса", "Касса"), ("Regarding tills",) * 2,
        ("Re:", ""),
    ],
)  # fmt: skip
def test_marks_of_an_answer_are_no_part_of_the_topic(subject, topic):
    assert read_head(f"Subject: {subject}\r\n\r\n".encode()).topic == topic


def test_a_name_with_a_comma_is_one_person():
    head = read_head(b"From: =?utf-8?q?Lipova=2C_Rada?= <rada@lipa.example>\r\n\r\n")

    assert (head.sender, head.sender_name) == ("rada@lipa.example", "Lipova, Rada")


@pytest.mark.parametrize(
    "sender",
    [b"", b"undisclosed", b"<>", b'"a b"@x.example', b"a@x.example\0", b"\xff\xfe@x", b"@"],
)
def test_an_unusable_sender_is_nobody(sender):
    assert read_head(b"From: " + sender + b"\r\n\r\n").sender in {"", "a@x.example"}


def test_plain_text_is_preferred_and_html_is_read_without_its_markup():
    both = read_letter(letter("plain", html="<p>rich</p>"))
    rich = EmailMessage()
    rich.set_content(
        "<head><title>no</title><style>p{}</style></head><p>Two &lt;b&gt;</p><script>alert(1)"
        "</script><a href='javascript:x'>here</a> <a href='https://x.example/?a=1&amp;b=2'>shop</a>"
        "<ul><li>one<li>two</ul><blockquote>old<br>words</blockquote>",
        subtype="html",
    )

    assert both.text == "plain"
    assert read_letter(rich.as_bytes()).text.split("\n") == [
        "Two <b>", "", "here shop (https://x.example/?a=1&b=2)", "one", "", "two", "> old",
        "> words",
    ]  # fmt: skip


HISTORY = "> The till\n> prints nothing"


@pytest.mark.parametrize(
    "text",
    [
        f"Thanks!\n\nOn Mon, 2 Mar 2026 at 10:00, Support <s@x.example> wrote:\n{HISTORY}",
        f"Thanks!\n\nOn Mon, 2 Mar 2026 at 10:00, Support with a long name\n<s@x.example> wrote:\n{HISTORY}",
        f"Thanks!\n\n02.03.2026 10:00, Support пишет:\n{HISTORY}",
        f"Thanks!\n\nпн, 2 мар. 2026 г. в 10:00, Support <s@x.example>:\n{HISTORY}",
        f"Thanks!\n\nНа пн, 2.03.2026 г. в 10:00 Support <s@x.example> написа:\n{HISTORY}",
        "Thanks!\n\n-----Original Message-----\nFrom: Support\nThe till",
        "Thanks!\n\nОт: Support\nОтправлено: 2 марта 2026\nКому: Rada\n\nThe till",
        f"Thanks!\n-- \nRada Lipova\n+359 2 000 000\n{HISTORY}",
        f"{HISTORY}\n\nThanks!",
    ],
)
def test_only_the_new_words_of_an_answer_count(text):
    assert new_words(text) == "Thanks!"


@pytest.mark.parametrize(
    "text",
    [HISTORY, "The driver wrote: nothing\nand left", "In 2026 he wrote:\nmy list", "--\nRada"],
)
def test_when_in_doubt_words_stay(text):
    assert new_words(text) == text.strip()


def test_files_are_taken_with_their_names_and_small_pictures_of_signatures_are_not():
    raw = letter(
        "see", files=[("счёт.pdf", b"%PDF-1.4", "application/pdf")]
    ) + b""  # fmt: skip
    logo = EmailMessage()
    logo.set_content("see")
    logo.add_related(b"\x89PNG\r\n\x1a\n" + b"0" * 100, "image", "png", cid="<a@b>")
    photo = EmailMessage()
    photo.set_content("see")
    photo.add_related(b"\x89PNG\r\n\x1a\n" + b"0" * 20_000, "image", "png", cid="<a@b>")

    assert [file.name for file in read_letter(raw).files] == ["счёт.pdf"]
    assert read_letter(logo.as_bytes()).files == ()
    assert [len(file.content) for file in read_letter(photo.as_bytes()).files] == [20_008]


def test_a_whole_without_parts_is_text():
    raw = b'Content-Type: multipart/mixed; boundary="never"\n\nThe till prints nothing.'

    assert (read_letter(raw).text, read_letter(raw).files) == ("The till prints nothing.", ())


def test_a_letter_inside_becomes_a_text_with_its_own_files_beside_it():
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "boss@lipa.example", "Fwd: Broken till"
    inner.set_content("Please complain.")
    inner.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="a.pdf")
    outer = EmailMessage()
    outer.set_content("See below.")
    outer.add_attachment(inner)
    read = read_letter(outer.as_bytes())

    assert read.text == "See below."
    assert [file.name for file in read.files] == ["Broken till.txt", "a.pdf"]
    assert b"From: boss@lipa.example" in read.files[0].content
    assert b"Please complain." in read.files[0].content


BROKEN = [
    b"",
    b"\0\0\0",
    b"Content-Type: multipart/mixed\r\n\r\nno boundary",
    b'Content-Type: multipart/mixed; boundary="a"\r\n\r\n--a\r\nContent-Type: text/plain',
    b"Content-Type: text/plain; charset*0*=''x; charset*1=y\r\n\r\nwords",
    b"Content-Transfer-Encoding: base64\r\n\r\n!!!!not base64",
    b"Content-Disposition: attachment; filename*0*=%ff; filename*x=1\r\n\r\nwords",
    b"From: <<<>>>\r\nTo: ,,,;;\r\nSubject: =?x?y?z?=\r\nMessage-ID: <\r\n\r\nwords",
    b"From: Rada <rada@lipa.example>\nno colon here\n\nwords",
    b"\r\n\r\n" + bytes(range(256)) * 20,
]


@pytest.mark.parametrize("raw", BROKEN)
def test_broken_letters_are_read_as_far_as_they_go(raw):
    read = read_letter(raw)

    assert "\0" not in read.text
    assert read.text == one_line(read.text) or "\n" in read.text


def nested(levels):
    tops = (
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (level, level)
        for level in range(levels)
    )
    return b"".join(tops) + b"words\n" * 10_000


@pytest.mark.parametrize(
    "raw",
    [
        nested(45),
        b"Content-Type: text/html\n\n" + b"<div><a href='x'>" * 200_000,
        b"Content-Type: text/html\n\n" + b"<ul><li>" * 200_000,
        b"Subject: " + b"Re: " * 200_000 + b"\n\n" + b"2026 wrote " * 200_000,
        b"References: " + b"<" * 300_000 + b"\n\n" + b">" * 2_000_000,
        b"\n" + b"From: x\nSent: y\n2026 a@b.example wrote:\n> x\n" * 30_000,
    ],
    ids=["nested", "links", "lists", "marks", "brackets", "quotes"],
)
def test_hostile_letters_take_no_longer_than_their_size(raw):
    began = perf_counter()
    new_words(read_letter(raw).text)

    assert perf_counter() - began < 3


@pytest.mark.parametrize("raw", [nested(60), b"\n--a" * 30_000])
def test_a_letter_of_endless_parts_is_refused_before_it_is_taken_apart(raw):
    with pytest.raises(Unreadable):
        read_letter(raw)


def test_nothing_of_a_page_is_left_that_a_browser_would_run():
    for markup in (
        "<scr<script>ipt>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=x>",
    ):
        assert "<" not in text_of_html(markup)
