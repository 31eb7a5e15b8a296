"""Deliveries from a file: tried out line by line, taken over all at once or not at all."""

import re
from datetime import date
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.deliveries import (
    MOST_LINES,
    FileHasErrors,
    import_deliveries,
    try_deliveries,
)
from accounts.models import Holding
from core.csv_files import FileUnreadable
from core.models import AuditEntry
from tests.conftest import HTMX
from tests.factories import AccountFactory, HoldingFactory

URL = "/accounts/holdings/import/"
HEAD = "account,item,batch,quantity,delivered_on,holder_name,reseller,passed_on\n"


@pytest.fixture
def halden(manager):
    return AccountFactory(no="ACC-90001", name="Halden Foods", owner=manager)


@pytest.fixture
def lines(account, halden):
    """Three good lines: by name, by number through a reseller, an end user."""
    return (
        f"{HEAD}borea retail group,Till,T-1,2,2026-01-15,,,\n"
        "ACC-90001,Till,T-2,,15.01.2026,,Borea Retail Group,\n"
        "\n"
        ',"Adapter, small",PA-12/25,1,2026-01-16,Rada Lipova,ACC-90001,yes\n'
    )


def bad(trial):
    return {line.number: " ".join(line.says) for line in trial.bad}


def text(response):
    return response.content.decode()


def test_a_good_file_is_tried_out_and_leaves_nothing(manager, lines, now):
    trial = try_deliveries(manager, lines, now)

    assert (trial.count, trial.bad) == (3, [])
    assert not Holding.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_good_file_is_taken_over(manager, lines, account, halden, now):
    assert import_deliveries(actor=manager, text=lines, now=now) == 3

    told = Holding.objects.order_by("batch").values_list(
        "account__name", "reseller__name", "holder_name", "quantity", "delivered_on", "passed_on"
    )
    day = date(2026, 1, 15)
    assert list(told) == [
        (None, "Halden Foods", "Rada Lipova", 1, date(2026, 1, 16), True),
        ("Borea Retail Group", None, "", 2, day, False),
        ("Halden Foods", "Borea Retail Group", "", 1, day, False),
    ]
    assert AuditEntry.objects.filter(verb="accounts.add_holding").count() == 3


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_and_line_ends_are_read(manager, account, separator, now):
    rows = ["account,item,delivered_on", "Borea Retail Group,Till,2026-01-15"]
    file = "\r\n".join(rows).replace(",", separator)

    assert try_deliveries(manager, file, now).count == 1


def test_every_bad_line_says_what_is_wrong(manager, stranger, lines, now):
    AccountFactory(name="Kobza Media", owner=stranger)
    for _number in range(2):
        AccountFactory(name="Lipa", owner=manager)
    file = (
        f"{lines}"
        "Nobody,Till,,1,2026-01-15,,,\n"
        "Lipa,Till,,1,2026-01-15,,,\n"
        "Kobza Media,Till,,1,2026-01-15,,,\n"
        "Halden Foods,,,1,2026-01-15,,,\n"
        "Halden Foods,Till,,none,31.31.2026,,,\n"
        "Halden Foods,Till,,1,2026-01-15,,Halden Foods,\n"
        "Halden Foods,Till,,1\n"
    )

    trial = try_deliveries(manager, file, now)

    assert trial.count == 3
    told = bad(trial)
    assert list(told) == [6, 7, 8, 9, 10, 11, 12]
    assert told[6] == "No account is called “Nobody”, or you may not see it."
    assert told[7] == "Several accounts are called “Lipa”. Write the number."
    assert told[8] == "You do not look after this account, so others note its deliveries."
    assert told[9] == "item: This field is required."
    assert "quantity: Enter a whole number. delivered_on: Enter a valid date." in told[10]
    assert told[11] == "The holder cannot be his own reseller. Leave one of them out."
    assert told[12] == "delivered_on: This field is required."


def test_one_bad_line_and_nothing_is_taken_over(manager, lines, now):
    with pytest.raises(FileHasErrors):
        import_deliveries(actor=manager, text=lines + "Nobody,Till,,1,2026-01-15,,,", now=now)

    assert not Holding.objects.exists()
    assert not AuditEntry.objects.exists()


def test_what_is_noted_already_is_not_taken_over_twice(manager, account, now):
    HoldingFactory(account=account, batch="t 1", item="TILL", quantity=2)
    again = "Borea Retail Group,Till,T1,2,2026-01-15,,,\n"
    new = "Borea Retail Group,Till,T1,3,2026-01-15,,,\n"

    told = bad(try_deliveries(manager, HEAD + again + new + new, now))

    assert told == dict.fromkeys([2, 4], "This delivery is noted already.")


@pytest.mark.parametrize(
    "file",
    [
        "", "\n\n", HEAD, "account;item\nBorea;Till", "item,delivered_on,colour\nTill,2026-01-15,red",
        "item,item,delivered_on\na,b,2026-01-15", 'item,delivered_on\n"Till,2026-01-15',
        "item,delivered_on\n" + "Till,2026-01-15\n" * (MOST_LINES + 1),
    ],
    ids=range(8),
)  # fmt: skip
def test_a_file_that_is_none_is_refused_as_a_whole(agent, file, now):
    with pytest.raises(FileUnreadable):
        try_deliveries(agent, file, now)


def test_accounts_nobody_may_see_are_not_named(people, account, now):
    trial = try_deliveries(people["ad"], f"{HEAD}{account.no},Till,,1,2026-01-15,,,", now)

    assert trial.count == 0


def send(window, content, **options):
    name = options.pop("name", "deliveries.csv")
    file = SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())
    return window.post(URL, {"file": file}, **options)


def test_a_file_is_tried_out_and_then_taken_over_on_the_page(sign_in, manager, lines):
    window = sign_in(manager)
    assert "What the file looks like" in text(window.get(URL))

    tried = send(window, lines, headers=HTMX)
    assert "3 deliveries can be taken over." in text(tried)
    assert not Holding.objects.exists()

    kept = unescape(re.search("<textarea[^>]*>(.*?)</textarea>", text(tried), re.DOTALL)[1])
    done = window.post(URL, {"text": kept, "take_over": "1"}, follow=True)
    assert "3 deliveries taken over." in text(done)
    assert Holding.objects.count() == 3


def test_taking_over_twice_by_a_double_click_adds_once(sign_in, manager, lines):
    window = sign_in(manager, enforce_csrf_checks=False)
    typed = {"text": lines, "take_over": "1", "csrfmiddlewaretoken": "one drawn form"}

    first, second = window.post(URL, typed), window.post(URL, typed)

    assert (first.status_code, second.status_code) == (302, 302)
    assert Holding.objects.count() == 3


def test_errors_stand_by_line_and_nothing_can_be_taken_over(sign_in, manager, lines):
    shown = text(send(sign_in(manager), lines + "Nobody,Till,,1,2026-01-15,,,"))

    assert "1 line is wrong; nothing is taken over yet." in shown
    assert "No account is called “Nobody”" in shown
    assert "take_over" not in shown


def test_what_has_become_wrong_meanwhile_is_shown(sign_in, manager, lines):
    file = lines + "Nobody,Till,,1,2026-01-15,,,"

    answer = sign_in(manager).post(URL, {"text": file, "take_over": "1"})

    assert answer.status_code == 409
    assert "Nothing was taken over" in text(answer)
    assert "No account is called “Nobody”" in text(answer)


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        ("Каса".encode("cp1251"), "a.csv", "The file is not UTF-8."),
        (b"x" * (1024 * 1024 + 1), "a.csv", "larger than 1 MB"),
        ("x", "a.exe", "File extension “exe” is not allowed"),
        ("colour\nred", "a.csv", "The first line must name the columns"),
    ],
)
def test_unfit_files_are_refused_in_words(sign_in, manager, content, name, says):
    answer = send(sign_in(manager), content, name=name)

    assert answer.status_code in {409, 422}
    assert says in text(answer)


def test_no_file_is_a_mistake(sign_in, manager):
    answer = sign_in(manager).post(URL, {"x": "1"})

    assert (answer.status_code, "This field is required." in text(answer)) == (422, True)


@pytest.mark.parametrize(("role", "code"), [("te", 200), ("fi", 403), ("ex", 403), ("ad", 403)])
def test_who_may_take_over_a_file(people, sign_in, role, code):
    assert sign_in(people[role]).get(URL).status_code == code
