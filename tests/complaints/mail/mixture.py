"""A mailbox as years make it: a thousand letters of every kind, each with what must become of it."""

from base64 import encodebytes
from dataclasses import dataclass
from itertools import cycle

from tests.complaints.mail.letters import bounce, letter

CYRILLIC = "Касса не печатает чеки, прошу срочно помочь"
CHARSETS = [
    "utf-8", "koi8-r", "windows-1251", "iso-8859-5", "utf-16", "gb18030", "windows-1252",
    "iso-8859-1", "koi8-u", "cp866",
]  # fmt: skip
MISLABELLED = ["unknown-8bit", "us-ascii", "utf-8", "x-nobody-knows"]
SCRIPT = "<script>alert(document.cookie)</script><img src=x onerror=alert(1)>"


@dataclass(frozen=True)
class Told:
    """A letter, its mark, which no other letter has, and what must become of it."""

    raw: bytes
    mark: str
    outcome: str
    why: str = ""


def in_charset(mark, charset, *, declared=""):
    """Return a letter of raw bytes in the character set, declared as another if asked."""
    words = "Größe fehlt" if charset in {"windows-1252", "iso-8859-1"} else CYRILLIC
    head = letter(mark).partition(b"\n\n")[0]
    kept = [line for line in head.split(b"\n") if not line.startswith((b"Content-", b"MIME"))]
    kind = f"MIME-Version: 1.0\nContent-Type: text/plain; charset={declared or charset}\n"
    body = f"{mark} {words}".encode(charset)
    top = b"\n".join(kept) + b"\n" + kind.encode() + b"Content-Transfer-Encoding: "
    if charset == "utf-16":
        return top + b"base64\n\n" + encodebytes(body)
    return top + b"8bit\n\n" + body


def broken(mark, number):
    """Return a letter that no program of this century should have sent."""
    plain = letter(mark)
    return [
        plain.replace(b"\n\n", b"\nnot a header at all\n\n", 1),
        plain.replace(b"text/plain", b'multipart/mixed; boundary="never"', 1),
        plain.replace(mark.encode(), mark.encode() + b"\0\0\x07\x1b[31m", 1),
        plain.replace(b"Content-Transfer-Encoding: 7bit", b"Content-Transfer-Encoding: base65", 1),
        plain.replace(b'charset="utf-8"', b"charset*0*=''x; charset*1=y", 1),
        plain.replace(b"\n", b"\r"),
    ][number % 6]


def mixture(ours, numbers, total):
    """Yield letters: of every kind in turn, eight by people and twelve by machines.

    ours -- Message-IDs of letters of ours to many complaints; numbers -- numbers of others.
    """
    threads, bounced, named = cycle(ours), cycle(ours), cycle(numbers)
    charsets, labels = cycle(CHARSETS), cycle(MISLABELLED)
    for count in range(total):
        mark, kind = f"mark-{count:04}", count % 20
        if kind < 4:
            yield _from_a_stranger(mark, count, next(charsets), next(named))
        elif kind < 8:
            yield _from_a_client(mark, kind, next(threads), next(labels))
        else:
            yield _from_a_machine(mark, kind, next(bounced))


def _from_a_stranger(mark, count, charset, number):
    sender = {"from": f"Person {count // 80} <person{count // 80}@else{count // 80}.example>"}
    forged = {"authentication_results": "mx; dmarc=fail", "subject": f"Re: {number}"}
    other = f"r{count}@lipa".encode()
    raw = {
        0: lambda: letter(mark, subject=mark, **sender),
        1: lambda: in_charset(mark, charset).replace(b"rada@lipa", other),
        2: lambda: broken(mark, count // 20).replace(b"rada@lipa", other),
        3: lambda: letter(mark, **forged, **sender),
    }[count % 20]()
    return Told(raw, mark, "new")


def _from_a_client(mark, kind, ours, label):
    thread = f"in-reply-to: {ours}\nsubject:".encode()
    page = letter("", html=f"<p>{mark}</p>{SCRIPT}", in_reply_to=ours)
    raw = {
        4: lambda: page.replace(b"text/plain", b"text/x-none"),
        5: lambda: letter(mark, references=f"<x@y.z> {ours}"),
        6: lambda: letter(mark, subject=f"Re: {mark}", in_reply_to=ours),
        7: lambda: in_charset(mark, "koi8-r", declared=label).replace(b"subject:", thread, 1),
    }[kind]()
    return Told(raw, mark, "matched")


def _from_a_machine(mark, kind, ours):
    raw, why = {
        8: (letter(mark, auto_submitted="auto-replied"), "auto_reply"),
        9: (letter(mark, auto_submitted="auto-replied", in_reply_to=ours), "auto_reply"),
        10: (letter(mark, list_id="<news.lipa.example>"), "bulk"),
        11: (letter(mark, precedence="junk", **{"from": "shop@else.example"}), "bulk"),
        12: (letter(mark, **{"from": "Kamerton <kamerton@kamerton.test>"}), "own_letter"),
        13: (letter(mark, x_kamerton="127.0.0.1:8000"), "own_letter"),
        14: (b"Received: from a by b\n" * 60 + letter(mark), "loop"),
        15: (bounce(ours), ""),
        16: (bounce(ours, action="delayed", status="4.4.1"), "delayed"),
        17: (bounce("<nobody@else.example>"), "bounce"),
        18: (letter(mark, x_spam_flag="YES", **{"from": "win@else.example"}), "spam"),
        19: (letter(mark, subject=mark, message_id=ours), "own_letter"),
    }[kind]
    return Told(raw, mark, "bounce" if kind == 15 else "ignored", why)
