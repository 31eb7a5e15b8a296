from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace
from uuid import uuid4

import pytest
from rest_framework import serializers

from core.rest.inputs import Input
from core.rest.money import MoneyField
from core.rest.outputs import Output
from tests.factories import TeamFactory, UserFactory

NOON = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=2)))


class Columns(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.ChoiceField([("a", "A")])
    count = serializers.IntegerField()
    is_open = serializers.BooleanField()
    at = serializers.DateTimeField()
    on = serializers.DateTimeField(format="%Y")
    score = serializers.DecimalField(max_digits=5, decimal_places=2)
    owner = serializers.CharField(source="account.owner")
    missing = serializers.CharField(required=False)
    tags = serializers.ListField(child=serializers.CharField())
    word = serializers.SerializerMethodField()

    def get_word(self, row):
        return f"{row.name}!"


class Quick(Output, Columns):
    pass


def row(**values):
    plain = {
        "id": uuid4(),
        "name": "Жалоба",
        "kind": "a",
        "count": 3,
        "is_open": True,
        "at": NOON,
        "on": NOON,
        "score": "1.50",
        "account": SimpleNamespace(owner="Ada"),
        "tags": ["x"],
    }
    return SimpleNamespace(**plain | values)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"name": None, "at": None, "count": None, "id": None, "kind": None, "tags": None},
        {"name": 5, "is_open": False, "at": datetime(2026, 1, 1, tzinfo=UTC)},
    ],
)
def test_an_output_shows_exactly_what_the_framework_would(values, settings):
    settings.TIME_ZONE = "UTC"
    subject = row(**values)

    assert Quick(subject).data == Columns(subject).data


@pytest.mark.parametrize("output", [Columns, Quick])
def test_a_broken_path_to_a_value_is_a_loud_failure(output):
    with pytest.raises(AttributeError):
        output().to_representation(row(account=None))


def test_methods_and_relations_of_a_row_are_followed(db):
    class Named(Output):
        name = serializers.CharField(source="get_username")
        teams = serializers.PrimaryKeyRelatedField(many=True, read_only=True)

    team = TeamFactory(members=[UserFactory(email="ada@kamerton.test")])

    assert Named(team.members.get()).data == {"name": "ada@kamerton.test", "teams": [team.pk]}


class Dated(Input):
    name = serializers.CharField()
    at = serializers.DateTimeField(required=False)


@pytest.mark.parametrize("body", [{"nmae": "x"}, {"name": "x", "version": 1}])
def test_a_member_that_nobody_reads_is_refused(body):
    form = Dated(data=body)

    assert not form.is_valid()
    [detail] = form.errors[min(set(body) - {"name"})]
    assert detail.code == "unknown_member"


@pytest.mark.parametrize("body", [[], "x", None, 5, [{"name": "x"}]])
def test_what_is_no_object_is_refused(body):
    assert not Dated(data=body).is_valid()


class Priced(serializers.Serializer):
    price = MoneyField("amount")


@pytest.mark.parametrize(
    ("price", "code"),
    [
        ({"amount": "1.00"}, "not_money"),
        ({"amount": 1.5, "currency": "EUR"}, "not_money"),
        ({"amount": "1.00", "currency": "EUR", "x": "1"}, "not_money"),
        ("1.00 EUR", "not_money"),
        ([], "not_money"),
        ({"amount": "1.00", "currency": "EURO"}, "unknown_currency"),
        ({"amount": "1.00", "currency": "€"}, "unknown_currency"),
        ({"amount": "NaN", "currency": "EUR"}, "invalid"),
        ({"amount": "Infinity", "currency": "EUR"}, "max_string_length"),
        ({"amount": "1.005", "currency": "EUR"}, "max_decimal_places"),
        ({"amount": "1" * 13, "currency": "EUR"}, "max_whole_digits"),
        (None, "null"),
    ],
)
def test_what_is_no_money_is_refused(price, code):
    form = Priced(data={"price": price})

    assert not form.is_valid()
    assert form.errors["price"][0].code in {code, "invalid"}


def test_money_is_text_both_ways():
    form = Priced(data={"price": {"amount": "17501.20", "currency": "EUR"}})

    assert form.is_valid()
    assert str(form.validated_data["amount"]) == "17501.20"
    assert Priced(SimpleNamespace(**form.validated_data)).data == {
        "price": {"amount": "17501.20", "currency": "EUR"}
    }
    assert Priced(SimpleNamespace(amount=None)).data == {"price": None}
