"""What a browser would send of a form that it was shown."""

from html.parser import HTMLParser


class _Fields(HTMLParser):
    """Collects the fields of the form that has the action, as a browser does."""

    def __init__(self, action):
        super().__init__()
        self.action, self.inside = action, False
        self.sent, self.name, self.words, self.options = {}, "", None, []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.inside = given.get("action") == self.action
        elif self.inside:
            getattr(self, f"_{tag}", lambda given: None)(given)

    def _input(self, given):
        is_box = given.get("type") in {"checkbox", "radio"}
        if not is_box or "checked" in given:
            self._put(given["name"], given.get("value", "on" if is_box else ""))

    def _select(self, given):
        self.name, self.options = given["name"], []

    def _option(self, given):
        self.options.insert(0 if "selected" in given else len(self.options), given.get("value"))

    def _textarea(self, given):
        self.name, self.words = given["name"], ""

    def handle_data(self, data):
        if self.words is not None:
            self.words += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif self.inside and tag == "select":
            self._put(self.name, self.options[0])
        elif self.inside and tag == "textarea":
            self._put(self.name, self.words.removeprefix("\n"))
            self.words = None

    def _put(self, name, value):
        self.sent.setdefault(name, []).append(value)


def typed(response, action):
    """Return what the page's form with this action would send, untouched."""
    fields = _Fields(action)
    fields.feed(response.content.decode())
    return {name: value for name, value in fields.sent.items() if name != "csrfmiddlewaretoken"}
