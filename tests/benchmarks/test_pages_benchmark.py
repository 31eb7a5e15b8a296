import gc
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework import serializers, viewsets
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.test import APIRequestFactory, force_authenticate

from complaints.api import ComplaintViewSet
from complaints.models import Complaint
from complaints.serializers import ComplaintOutput
from tests.benchmarks.conftest import add_complaints

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db]
PATHS = [
    "/complaints/", "/complaints/?q=scanner", "/accounts/", "/day/",
    "/api/v1/complaints", "/api/v1/complaints?ordering=due", "/api/v1/accounts",
]  # fmt: skip


def cpu_seconds(function, times=25):
    function()
    spent = []
    for _ in range(times):
        start = time.process_time()
        function()
        spent.append(time.process_time() - start)
    return min(spent)


class BareOutput(serializers.ModelSerializer):
    class Meta:
        model = Complaint
        fields = tuple(ComplaintOutput().fields)


class BarePages(LimitOffsetPagination):
    default_limit = 25

    def get_count(self, queryset):
        return 1_000_000


class BareViewSet(viewsets.ReadOnlyModelViewSet):
    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()
    filter_backends = ()
    pagination_class = BarePages
    serializer_class = BareOutput
    queryset = Complaint.objects.order_by("-received_at", "-id")


@pytest.fixture
def big(crowd, sign_in):
    agent, accounts = crowd
    add_complaints(agent, accounts, 10_000)
    return agent, accounts, sign_in(agent)


def walk(browser):
    answers = {}
    for path in PATHS:
        with CaptureQueriesContext(connection) as queries:
            response = browser.get(path)
        assert response.status_code == 200, path
        queries_of_the_page = [each for each in queries if "SAVEPOINT" not in each["sql"]]
        answers[path] = (len(queries_of_the_page), cpu_and_database(browser, path))
    return answers


def cpu_and_database(browser, path, times=40):
    """Return the least wall time of the page: what the processor and the database need."""
    spent = []
    gc.collect()
    gc.freeze()  # what the test itself has made is no cost of the page
    for _ in range(times):
        start = time.perf_counter()
        browser.get(path)
        spent.append(time.perf_counter() - start)
    return min(spent)


def test_pages_cost_the_same_at_ten_times_the_complaints(big, report):
    agent, accounts, browser = big
    small = walk(browser)
    add_complaints(agent, accounts, 90_000, start=10_000)
    large = walk(browser)

    for path in PATHS:
        ratio = large[path][1] / small[path][1]
        report(path, f"{large[path][0]} queries, {large[path][1] * 1000:.1f} ms, × {ratio:.2f}")
    assert [path for path in PATHS if large[path][0] > 10] == []
    assert [path for path in PATHS if large[path][1] > small[path][1] * 1.2] == []


def test_a_list_over_rest_costs_at_most_half_more_than_a_bare_one(big, report):
    agent, _accounts, _browser = big

    def listing(viewset):
        view = viewset.as_view({"get": "list"})

        def call():
            request = APIRequestFactory().get("/api/v1/complaints")
            force_authenticate(request, agent)
            assert len(view(request).render().data["results"]) == 25

        return call

    ratio = cpu_seconds(listing(ComplaintViewSet)) / cpu_seconds(listing(BareViewSet))
    report("REST list of 25 against a bare DRF list", f"{ratio:.2f} ×")
    assert ratio <= 1.5
