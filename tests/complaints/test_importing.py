from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Promise
from complaints import services
from complaints.models import Complaint, ComplaintImport
from core.csv_files import FileUnreadable, read_csv, write_csv
from core.errors import InvalidTransition
from core.models import AuditEntry, OutgoingMail
from sla.models import Clock

pytestmark = pytest.mark.django_db
HEADING = "number,account,received,words,resolution,resolved"
GOOD = "OLD-1,Lipa Bakery,2025-03-03 09:30,Тъмно е.,Сменихме дисплея.,2025-03-04"


def file_of(*lines, heading=HEADING):
    return "\n".join([heading, *lines])


def check(head, now, *lines, **given):
    text = file_of(*lines, **given)
    return services.check_import(actor=head, name="old.csv", text=text, now=now)


def said(run):
    return [(each["line"], each["column"]) for each in run.problems]


def test_looking_through_a_file_takes_nothing_in(head, account, now):
    run = check(head, now, GOOD)

    assert (run.good, run.known, run.problems) == (1, 0, [])
    assert not Complaint.objects.exists()


def test_an_old_complaint_comes_in_closed_and_disturbs_nobody(head, account, manager, now):
    run = check(head, now, GOOD)
    services.run_import(actor=head, run=run, now=now)

    complaint = Complaint.objects.get()
    assert (complaint.no, complaint.external_ref) == ("CMP-2025-00001", "OLD-1")
    assert (complaint.state, complaint.is_confirmed) == ("closed", False)
    assert complaint.received_at == datetime(2025, 3, 3, 7, 30, tzinfo=UTC)
    assert complaint.resolved_at == datetime(2025, 3, 4, 10, 0, tzinfo=UTC)
    assert complaint.lead == manager
    assert not Clock.objects.exists()
    assert not Promise.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_every_imported_complaint_has_its_entry_and_the_file_is_forgotten(head, account, now):
    run = check(head, now, GOOD, GOOD.replace("OLD-1", "OLD-2"))
    services.run_import(actor=head, run=run, now=now)

    run.refresh_from_db()
    entries = AuditEntry.objects.filter(verb="complaints.import_old")
    assert (run.state, run.content, run.good) == ("imported", "", 2)
    assert {entry.details["number"] for entry in entries} == {"OLD-1", "OLD-2"}
    assert {entry.actor for entry in entries} == {head}


def test_what_is_here_already_is_left_out(head, account, now):
    services.run_import(actor=head, run=check(head, now, GOOD), now=now)

    again = check(head, now, GOOD, GOOD.replace("OLD-1", "OLD-2"))
    services.run_import(actor=head, run=again, now=now)

    assert (again.good, again.known) == (1, 1)
    assert Complaint.objects.count() == 2


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (GOOD.replace("Lipa Bakery", "Nobody Ltd"), "account"),
        (GOOD.replace("2025-03-03 09:30", "yesterday"), "received"),
        (GOOD.replace("2025-03-04", "2025-03-01"), "resolved"),
        (GOOD.replace("2025-03-04", "2035-03-04"), "closed"),
        (GOOD.replace("OLD-1", ""), "number"),
        (GOOD.replace("Тъмно е.", ""), "words"),
    ],
)
def test_each_wrong_line_says_what_is_wrong_and_the_good_ones_come_in(
    line, column, head, account, now
):
    run = check(head, now, line, GOOD.replace("OLD-1", "OLD-9"))
    services.run_import(actor=head, run=run, now=now)

    assert said(run) == [(2, column)]
    assert list(Complaint.objects.values_list("external_ref", flat=True)) == ["OLD-9"]


def test_a_number_that_stands_twice_is_wrong_the_second_time(head, account, now):
    assert said(check(head, now, GOOD, GOOD)) == [(3, "number")]


@pytest.mark.parametrize(
    "text",
    ["", "number,account\n1,2", f"{HEADING},colour\n{GOOD},red", HEADING, f'{HEADING}\n"OLD-1,a'],
)
def test_what_is_no_such_file_is_refused_in_a_sentence(text, head, now):
    with pytest.raises(FileUnreadable):
        services.check_import(actor=head, name="old.csv", text=text, now=now)

    assert not ComplaintImport.objects.exists()


def test_a_file_is_taken_in_once(head, account, now):
    run = check(head, now, GOOD)
    services.run_import(actor=head, run=run, now=now)

    with pytest.raises(InvalidTransition):
        services.run_import(actor=head, run=run, now=now)
    with pytest.raises(InvalidTransition):
        services.drop_import(actor=head, run=run, now=now)


def test_only_heads_import(manager, agent, account, now):
    for who in (manager, agent):
        with pytest.raises(PermissionDenied):
            check(who, now, GOOD)


def test_more_lines_cost_no_more_queries(head, account, now, django_assert_max_num_queries):
    run = check(head, now, *(GOOD.replace("OLD-1", f"OLD-{n}") for n in range(40)))

    with django_assert_max_num_queries(15):
        services.run_import(actor=head, run=run, now=now)

    assert Complaint.objects.count() == 40


def test_the_pages_look_through_show_errors_and_import(client, head, account):
    client.force_login(head)
    text = file_of(GOOD, GOOD.replace("Lipa Bakery", "=HYPERLINK(1)").replace("OLD-1", "OLD-2"))
    file = SimpleUploadedFile("old.csv", text.encode())

    client.post(reverse("complaints:check_import"), {"file": file})
    run = ComplaintImport.objects.get()
    page = client.get(reverse("complaints:import", args=[run.pk])).content.decode()
    errors = client.get(reverse("complaints:import_errors", args=[run.pk])).content.decode()
    client.post(reverse("complaints:run_import", args=[run.pk]), {"version": run.version})

    assert "No account has this number or name." in page
    assert "account,No account has this number or name." in errors
    assert Complaint.objects.get().external_ref == "OLD-1"


def test_the_same_over_rest(client, head, account):
    client.force_login(head)
    body = {"name": "old.csv", "text": file_of(GOOD)}

    made = client.post("/api/v1/complaint-imports", body, content_type="application/json")
    where = f"/api/v1/complaint-imports/{made.json()['id']}"
    version = client.get(where)["ETag"]
    done = client.post(
        f"{where}/run", {}, content_type="application/json", headers={"If-Match": version}
    )

    assert (made.status_code, made.json()["good"]) == (201, 1)
    assert (done.status_code, done.json()["state"]) == (200, "imported")


def test_no_cell_of_a_written_file_is_a_live_formula():
    text = write_csv(["a"], [{"a": "=1+1"}, {"a": "+7 495"}, {"a": "plain"}])

    cells = [record["a"] for _n, record in read_csv(
        text.lstrip("\ufeff"), columns=["a"], needed=["a"], most=9)]  # fmt: skip
    assert cells == ["'=1+1", "'+7 495", "plain"]
