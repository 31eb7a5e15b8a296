import pytest
from django import forms


class Example(forms.Form):
    words = forms.CharField(help_text="As they said it.", widget=forms.Textarea)
    contact = forms.CharField(required=False)
    impact = forms.ChoiceField(
        choices=[("1", "Stopped"), ("2", "Hurt")],
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
    )
    priority = forms.ChoiceField(choices=[("p1", "P1")])
    safety = forms.BooleanField(required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, initial=1)


@pytest.fixture
def refused():
    form = Example({"version": "1"})
    form.add_error(None, "Logged a minute ago.")
    return form


@pytest.mark.parametrize(
    ("name", "style"),
    [
        ("words", "form-control"),
        ("priority", "form-select"),
        ("safety", "form-check-input"),
    ],
)
def test_control_gets_the_style_of_its_kind(name, style):
    assert f'class="{style}"' in str(Example()[name])


def test_class_of_the_widget_is_kept():
    assert 'class="choices segmented"' in str(Example()["impact"])


def test_field_names_its_hint_and_its_error(refused):
    drawn = refused["words"].as_field_group()

    assert 'aria-describedby="id_words_helptext id_words_error"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert 'class="form-control is-invalid"' in drawn
    assert '<div class="field-hint" id="id_words_helptext">As they said it.</div>' in drawn
    assert 'id="id_words_error"><li>This field is required.</li>' in drawn


def test_only_what_may_stay_empty_is_marked():
    drawn = str(Example())

    assert drawn.count("field-optional") == 1
    assert 'for="id_contact" class="field-label">Contact <span class="field-optional">' in drawn


def test_choices_are_a_group_with_a_legend(refused):
    drawn = refused["impact"].as_field_group()

    assert drawn.startswith('<fieldset aria-describedby="id_impact_error"')
    assert '<legend class="field-label">Impact</legend>' in drawn
    assert drawn.count('<label class="choice"') == 2


def test_form_says_first_what_is_wrong_with_it(refused):
    drawn = str(refused)

    assert drawn.index("Logged a minute ago.") < drawn.index("id_words")
    assert 'role="alert"' in drawn
    assert 'type="hidden" name="version" value="1"' in drawn
