"""Imports of old complaints over REST."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.routers import SimpleRouter

from complaints import services
from complaints.models import ComplaintImport
from core.rest.inputs import Input
from core.rest.outputs import Output
from core.rest.views import ReadViewSet, service_action, service_call

LONGEST_FILE = 2_000_000


class ImportProblem(serializers.Serializer[Any]):
    line = serializers.IntegerField()
    column = serializers.CharField()
    says = serializers.CharField()


class ComplaintImportOutput(Output[ComplaintImport]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    state = serializers.ChoiceField(ComplaintImport.State.choices)
    by = serializers.UUIDField(source="by_id")
    at = serializers.DateTimeField()
    good = serializers.IntegerField(help_text="Lines that can be, or were, imported.")
    known = serializers.IntegerField(help_text="Lines that are here already.")
    problems = ImportProblem(many=True)
    version = serializers.IntegerField()


class ComplaintImportInput(Input):
    """The text of a CSV file; only looked through."""

    name = serializers.CharField(max_length=160)
    text = serializers.CharField(max_length=LONGEST_FILE, trim_whitespace=False)


class ComplaintImportViewSet(ReadViewSet[ComplaintImport]):
    """Files of old complaints, for heads of key accounts."""

    scope = "complaints"
    queryset = ComplaintImport.objects.all()
    serializer_class = ComplaintImportOutput
    ordering = ("-at", "-id")

    @service_call(services.check_import, takes=ComplaintImportInput, creates=True)
    def create(self) -> None:
        """Look through a file; nothing is taken in yet."""

    @service_action(services.run_import, on="run")
    def run(self) -> None:
        """Take in the good lines as closed complaints."""

    @service_action(services.drop_import, on="run")
    def drop(self) -> None:
        """Forget the file."""


def register(router: SimpleRouter) -> None:
    router.register("complaint-imports", ComplaintImportViewSet)
