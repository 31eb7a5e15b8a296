"""The two surfaces of a complaint: whoever presses a button, and whoever calls over REST."""

from dataclasses import dataclass

REST_PATHS = {
    "record_findings": "findings",
    "set_wants": "wants",
    "apologise": "apology",
    "record_remedy": "remedy",
    "offer_make_good": "make-good",
    "plan_prevention": "prevention",
}
"""Where the word of the path is not the verb itself."""
KINDS = {"reply": "reply", "add_note": "note", "comment": "client"}


@dataclass
class Answer:
    """status, and the code and the sentence of a refusal; "" if it worked."""

    status: int
    code: str
    says: str


class Pages:
    """A person in a browser."""

    def __init__(self, client):
        self.client = client

    def do(self, complaint, verb, told):
        path = f"/complaints/{complaint.pk}/{verb.replace('_', '-')}/"
        plain = {name: value for name, value in _flat(told).items() if value not in (None, "")}
        response = self.client.post(path, {"version": complaint.version} | plain)
        if response.status_code == 302:
            return Answer(302, "", "")
        errors = response.context["form"].errors.as_data() if response.context else {}
        [(code, says)] = [(each.code, str(each.message)) for each in errors.get("__all__", [])] or [
            (f"invalid {sorted(errors)}", "")
        ]
        return Answer(response.status_code, code, says)


class Program:
    """A person's program."""

    def __init__(self, client):
        self.client = client

    def do(self, complaint, verb, told):
        path = REST_PATHS.get(verb, verb.replace("_", "-"))
        if verb in KINDS:
            path, told = "messages", {"kind": KINDS[verb]} | told
        response = self.client.post(
            f"/api/v1/complaints/{complaint.pk}/{path}",
            told,
            headers={"If-Match": f'"{complaint.version}"'},
        )
        body = response.json() if response.content else {}
        worked = response.status_code < 300
        code = "" if worked else body["code"]
        if code == "invalid_input":
            code = f"invalid {sorted(each['field'] for each in body['errors'])}"
        return Answer(response.status_code, code, "" if worked else body["detail"])


def _flat(told):
    """Return the fields of the form: the eight wants have boxes by number, lists have lines."""
    flat = {}
    for name, value in told.items():
        if name == "wants":
            for want in value:
                flat |= {f"{part}_{want['number']}": want[part] for part in ("wanted", "evidence")}
                flat |= {f"done_{want['number']}": "on"} if want["done"] else {}
        elif isinstance(value, dict):
            flat |= {"estimated_cost": value["amount"], "currency": value["currency"]}
        elif isinstance(value, list):
            flat[name] = "\n".join(value)
        else:
            flat[name] = value
    return flat
