"""A client with the letter in his hand: finds his way in, reads, and sends the forms of the page."""

import re
from html.parser import HTMLParser

from django.test import Client

from core.models import OutgoingMail

WAY = re.compile(r"/c/[\w-]{43}/")


def letters_to(contact):
    return OutgoingMail.objects.filter(to=contact.email).order_by("id")


def way_in(complaint):
    """Return the path of the link in the last letter about the complaint."""
    letter = letters_to(complaint.contact).filter(subject__contains=complaint.no).last()
    return WAY.search(letter.body)[0]


class Visitor:
    """A browser without a session that holds one link."""

    def __init__(self, path, **options):
        self.path = path
        self.browser = Client(**options)

    def read(self, query=""):
        response = self.browser.get(self.path + query)
        assert response.status_code == 200, response.status_code
        return response.content.decode()

    def send(self, step, **told):
        return self.browser.post(f"{self.path}{step.replace('_', '-')}/", told)

    def steps(self):
        """Return the steps that the page offers."""
        offered = re.findall(rf'action="{self.path}([\w-]+)/', self.read())
        return {each.replace("-", "_") for each in offered}


class _Words(HTMLParser):
    def __init__(self):
        super().__init__()
        self.words = []

    def handle_data(self, data):
        self.words.append(data)


def words_of(html):
    """Return what a reader of the page reads, as one line."""
    parser = _Words()
    parser.feed(html)
    return " ".join(" ".join(parser.words).split())
