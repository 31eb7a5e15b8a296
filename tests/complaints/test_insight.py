from datetime import timedelta

import pytest
from django.urls import reverse

from complaints.insight import causes, complaints_of, measures, rows_of
from complaints.models import Complaint, Finding, MakeGood
from tests.factories import AccountFactory

pytestmark = pytest.mark.django_db
PAGE = "complaints:insight"


def resolve(complaint, at, **fields):
    Complaint.objects.filter(pk=complaint.pk).update(
        state="resolved", resolved_at=at, resolution="Done.", resolution_type="fixed", **fields
    )


def shares(user, now, period="90"):
    told = measures(complaints_of(user, period, now))
    return {each.key: (each.share.part, each.share.whole) for each in told}


def test_every_share_has_its_part_and_its_whole(log, head, now):
    first, second, third = log(channel="self_reported"), log(), log()
    for each in (first, second):
        resolve(each, now, reopen_count=1 if each == first else 0)
        Finding.objects.update_or_create(complaint=each, defaults={"justified": "yes"})
    Finding.objects.create(complaint=third, justified="no")
    MakeGood.objects.create(
        complaint=first, base="Credit", plus="A visit", plus_cost=10, suggested=10, proposed_by=head
    )

    assert shares(head, now) == {
        "found_by_us": (1, 3),
        "with_plus": (1, 2),
        "reopened": (1, 3),
        "confirmed": (0, 0),
        "told_in_time": (0, 1),
    }


def test_a_plus_that_was_demanded_is_none(log, head, now):
    complaint = log()
    resolve(complaint, now)
    Finding.objects.create(complaint=complaint, justified="partly")
    MakeGood.objects.create(
        complaint=complaint, base="Credit", plus="A visit", plus_cost=10, suggested=10,
        voluntary=False, proposed_by=head,
    )  # fmt: skip

    assert shares(head, now)["with_plus"] == (0, 1)
    assert list(rows_of(complaints_of(head, "90", now), "with_plus")) == [complaint]


def test_own_mistakes_are_told_in_time_or_not(log, head, now):
    for told in (now, now + timedelta(hours=5), None):
        Finding.objects.create(
            complaint=log(), fault="ours", confirmed_at=now, disclosed_at=told,
            disclose_by=now + timedelta(hours=4),
        )  # fmt: skip

    assert shares(head, now)["told_in_time"] == (1, 3)


def test_causes_say_how_many_clients_were_hit_again(log, account, manager, head, now):
    other = AccountFactory(owner=manager)
    for where, cause in ((account, "late"), (account, "late"), (other, "late"), (other, "defect")):
        complaint = log(account=where)
        Complaint.objects.filter(pk=complaint.pk).update(root_cause=cause)
    log()

    late, defect = causes(complaints_of(head, "90", now))

    assert (late.key, late.share.part, late.share.whole) == ("late", 3, 4)
    assert (late.accounts, late.repeated_at) == (2, 1)
    assert (defect.key, defect.accounts, defect.repeated_at) == ("defect", 1, 0)


def test_merged_and_older_complaints_do_not_count(log, head, now):
    into, merged = log(), log()
    log(at=now - timedelta(days=31), reason="Found in the archive.")
    Complaint.objects.filter(pk=merged.pk).update(state="merged", merged_into=into)

    assert list(complaints_of(head, "30", now)) == [into]


def test_the_page_opens_the_rows_of_each_figure(client, log, head):
    complaint = log(channel="self_reported")
    client.force_login(head)

    page = client.get(reverse(PAGE), {"period": "365"}).content.decode()
    rows = client.get(reverse("complaints:insight_rows", args=["found_by_us"]), {"period": "365"})

    assert reverse("complaints:insight_rows", args=["found_by_us"]) in page
    assert rows.context["page"].rows == [complaint]


def test_a_figure_that_does_not_exist_is_not_found(client, head):
    client.force_login(head)

    assert client.get(reverse("complaints:insight_rows", args=["nonsense"])).status_code == 404


def test_more_complaints_cost_no_more_queries(client, log, head, query_count):
    client.force_login(head)
    Complaint.objects.filter(pk=log().pk).update(root_cause="late")
    one = query_count(client, reverse(PAGE))
    for _again in range(2):
        Complaint.objects.filter(pk=log().pk).update(root_cause="defect")

    assert query_count(client, reverse(PAGE)) == one


def test_colleagues_get_the_same_figures_over_rest_and_programs_do_not(
    client, program, head, complaint
):
    client.force_login(head)

    told = client.get("/api/v1/complaint-insight?period=90").json()

    assert told["total"] == 1
    assert told["measures"][0] == {
        "key": "found_by_us",
        "share": {"part": 0, "whole": 1, "percent": "0.00", "low": "0.00", "high": "79.35"},
    }
    assert client.get("/api/v1/complaint-insight?period=12").status_code == 400
    assert program.get("/api/v1/complaint-insight").status_code == 403
