import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from tests.core.rest.site import documented

PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def schema():
    with GENERATOR_STATS.silence():
        GENERATOR_STATS.reset()
        made = SchemaGenerator(patterns=documented).get_schema(public=True)
        complaints = [*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache]
    assert complaints == []
    return made


def test_it_is_valid_openapi_3_1_without_a_warning(schema):
    validate_schema(schema)

    assert schema["openapi"].startswith("3.1")


def test_operations_have_readable_names(schema):
    names = {
        operation["operationId"] for path in schema["paths"].values() for operation in path.values()
    }

    assert names >= {
        "me",
        "teams_list",
        "teams_retrieve",
        "teams_create",
        "teams_partial_update",
        "teams_dissolve_for_good",
        "teams_members",
        "tokens_create",
        "tokens_destroy",
        "notifications_read_all",
        "audit_list",
    }
    assert not any("__" in name for name in names)


def operation(schema, method, path):
    return schema["paths"][f"/api/v1/{path}"][method]


def headers(operation):
    parameters = operation.get("parameters", [])
    return {each["name"] for each in parameters if each["in"] == "header"}


@pytest.mark.parametrize(
    ("method", "path", "statuses"),
    [
        ("get", "teams", {200, 400}),
        ("post", "teams", {201, 204, 400, 409, 413, 415, 422}),
        ("get", "teams/{id}", {200, 304, 400, 404}),
        ("patch", "teams/{id}", {200, 204, 400, 404, 409, 412, 413, 415, 428}),
        ("post", "teams/{id}/leave", {200, 204, 400, 404, 409, 412, 413, 415, 422, 428}),
        ("post", "notifications/{id}/read", {200, 204, 400, 404, 409, 413, 415, 422}),
        ("delete", "tokens/{public_id}", {204, 404, 409}),
    ],
)
def test_every_answer_is_described(method, path, statuses, schema):
    responses = operation(schema, method, path)["responses"]

    assert set(map(int, responses)) == statuses | {401, 403, 406, 429, 503}
    assert all(
        list(response["content"]) == [PROBLEM]
        for status, response in responses.items()
        if int(status) >= 400
    )


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("get", "teams", set()),
        ("get", "teams/{id}", {"If-None-Match"}),
        ("post", "teams", {"Idempotency-Key"}),
        ("patch", "teams/{id}", {"If-Match"}),
        ("post", "teams/{id}/leave", {"If-Match", "Idempotency-Key"}),
        ("post", "notifications/{id}/read", {"Idempotency-Key"}),
    ],
)
def test_headers_are_described_where_they_apply(method, path, expected, schema):
    assert headers(operation(schema, method, path)) == expected


def test_pages_and_their_parameters_are_described(schema):
    described = operation(schema, "get", "teams")
    page = described["responses"]["200"]["content"]["application/json"]["schema"]
    members = schema["components"]["schemas"][page["$ref"].rpartition("/")[2]]["properties"]
    sublist = operation(schema, "get", "teams/{id}/members")

    assert set(members) == {"results", "next", "previous"}
    assert {each["name"] for each in described["parameters"]} == {
        *("cursor", "limit", "ordering"),
        *("q", "version", "member", "since", "kind"),
    }
    assert {each["name"] for each in sublist["parameters"]} == {"id", "cursor", "limit"}
    assert "$ref" in sublist["responses"]["200"]["content"]["application/json"]["schema"]


def test_inputs_and_outputs_are_described_apart(schema):
    components = schema["components"]["schemas"]

    assert {"Team", "TeamDetail", "TeamRequest", "Problem", "Token", "TokenRequest"} <= set(
        components
    )
    price = components["PriceRequest"]["properties"]["price"]
    assert set(price["properties"]) == {"amount", "currency"}
    assert components["TeamRequest"]["additionalProperties"] is False
    assert schema["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_it_is_served_to_whoever_has_signed_in(sign_in, owner, client):
    assert sign_in(owner).get("/api/v1/schema").json()["info"]["title"] == "Kamerton"
    assert client.get("/api/v1/schema").status_code == 401
