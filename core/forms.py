"""How every form is drawn: one template gives label, hint, error and aria to every field."""

from __future__ import annotations

from typing import Any, Final

from django.forms import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import (
    CheckboxInput,
    CheckboxSelectMultiple,
    HiddenInput,
    RadioSelect,
    Select,
    Widget,
)

CONTROLS: Final[tuple[tuple[type[Widget], str], ...]] = (
    (HiddenInput, ""),
    (RadioSelect, ""),
    (CheckboxSelectMultiple, ""),
    (CheckboxInput, "form-check-input"),
    (Select, "form-select"),
    (Widget, "form-control"),
)


class Field(BoundField):
    """A form's field that knows the style of its control."""

    @property
    def is_checkbox(self) -> bool:
        return isinstance(self.field.widget, CheckboxInput)

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: Widget | None = None
    ) -> dict[str, Any]:
        widget = widget or self.field.widget
        built = super().build_widget_attrs(attrs, widget)
        style = next(style for kind, style in CONTROLS if isinstance(widget, kind))
        wanted = (style, widget.attrs.get("class", ""), "is-invalid" if self.errors else "")
        classes = " ".join(filter(None, wanted))
        return {**built, "class": classes} if classes else built


class Renderer(TemplatesSetting):
    form_template_name = "components/_form.html"
    field_template_name = "components/_field.html"
    bound_field_class = Field
