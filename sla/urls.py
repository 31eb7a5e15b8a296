"""Pages of service levels. One name: the URL `sla:propose` is the verb `sla.propose`."""

from django.urls import path

from sla.views import attention, clock, contract, credit, proposal, recompute, review, warnings
from sla.views.actions import ACTIONS

app_name = "sla"
urlpatterns = [
    path("", contract.index, name="index"),
    path("house/", contract.house, name="house"),
    path("without/", contract.without, name="without"),
    path("new/", proposal.choose_account, name="choose_account"),
    path("new/<uuid:pk>/", proposal.draft, name="draft"),
    path("new/<uuid:pk>/likely/", proposal.likely, name="likely"),
    path("<uuid:pk>/", contract.detail, name="detail"),
    path("<uuid:pk>/edit/", proposal.edit, name="edit"),
    path("<uuid:pk>/diff/", contract.diff, name="diff"),
    path("<uuid:pk>/document/", contract.document, name="document"),
    *(
        path(f"<uuid:pk>/{verb.replace('_', '-')}/", action.view, name=verb)
        for verb, action in ACTIONS.items()
    ),
    path("clocks/<uuid:pk>/", clock.explain, name="explain"),
    path("warnings/", warnings.warnings, name="warnings"),
    path("warnings/talk/<uuid:pk>/", warnings.talk, name="talk"),
    path("warnings/attention/", attention.attention, name="attention"),
    path("warnings/attention/<uuid:pk>/", attention.served, name="served"),
    path("recompute/<str:kind>/<uuid:pk>/", recompute.recompute, name="recompute"),
    path("recomputations/<uuid:pk>/", recompute.recomputation, name="recomputation"),
    path("credits/", credit.index, name="credits"),
    path("credits/<uuid:pk>/", credit.detail, name="credit"),
    path("credits/<uuid:pk>/approve/", credit.approve, name="approve_credit"),
    path("credits/<uuid:pk>/issue/", credit.issue, name="issue_credit"),
    path("credits/<uuid:pk>/waive/", credit.waive, name="waive_credit"),
    path("clocks/<uuid:pk>/exclude/", credit.exclude, name="exclude"),
    path("<uuid:pk>/attainment/", review.attainment, name="attainment"),
    path("<uuid:pk>/attainment/<day:month>/<slug:metric>/", review.counted, name="counted"),
    path("<uuid:pk>/review-pack/", review.pack, name="review_pack"),
    path("<uuid:pk>/review-pack/pdf/", review.pdf, name="review_pdf"),
    path("<uuid:pk>/hold-review/", review.hold, name="hold_review"),
    path("reviews/<uuid:pk>/", review.review, name="review"),
]
