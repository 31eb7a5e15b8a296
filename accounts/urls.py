"""Pages of accounts. One name: `accounts:keep_promise` is the verb `accounts.keep_promise`."""

from django.urls import include, path

from accounts.views import (
    account,
    alert,
    attitude,
    bad_news,
    contact,
    holding,
    promise,
    task,
    touch,
)

app_name = "accounts"
account_urls = [
    path("", account.detail, name="detail"),
    path("edit/", account.edit, name="edit"),
    path("reassign/", account.reassign, name="reassign"),
    path("sign-contract/", account.sign_contract, name="sign_contract"),
    path("annual-margin/", account.set_annual_margin, name="set_annual_margin"),
    path("people/new/", contact.add_contact, name="add_contact"),
    path("holdings/new/", holding.add_holding, name="add_holding"),
    path("touches/new/", touch.log_touch, name="log_touch"),
    path("promises/new/", promise.make_promise, name="make_promise"),
    path("tasks/new/", task.open_task, name="open_task"),
]
alert_urls = [
    path("", alert.alert, name="alert"),
    path("acknowledge/", alert.acknowledge_alert, name="acknowledge_alert"),
    path("snooze/", alert.snooze_alert, name="snooze_alert"),
    path("resolve/", alert.resolve_alert, name="resolve_alert"),
]
bad_news_urls = [
    path("", bad_news.detail, name="bad_news"),
    path("acknowledge/", bad_news.acknowledge_bad_news, name="acknowledge_bad_news"),
    path("tell-client/", bad_news.tell_client, name="tell_client"),
    path("spare-client/", bad_news.spare_client, name="spare_client"),
    path("thank/", bad_news.thank_messenger, name="thank_messenger"),
]
contact_urls = [
    path("", contact.contact, name="contact"),
    path("edit/", contact.edit_contact, name="edit_contact"),
    path("attitude/", attitude.read_attitude, name="read_attitude"),
    path("influence/", attitude.set_influence, name="set_influence"),
]
holding_urls = [
    path("", holding.holding, name="holding"),
    path("edit/", holding.edit_holding, name="edit_holding"),
    path("return/", holding.return_holding, name="return_holding"),
]
promise_urls = [
    path("", promise.promise, name="promise"),
    path("keep/", promise.keep_promise, name="keep_promise"),
    path("renegotiate/", promise.renegotiate_promise, name="renegotiate_promise"),
    path("withdraw/", promise.withdraw_promise, name="withdraw_promise"),
]
task_urls = [
    path("", task.task, name="task"),
    path("edit/", task.edit_task, name="edit_task"),
    path("finish/", task.finish_task, name="finish_task"),
    path("cancel/", task.cancel_task, name="cancel_task"),
]
touch_urls = [
    path("", touch.touch, name="touch"),
    path("approve-hospitality/", touch.approve_hospitality, name="approve_hospitality"),
    path("refuse-hospitality/", touch.refuse_hospitality, name="refuse_hospitality"),
]
urlpatterns = [
    path("", account.index, name="index"),
    path("new/", account.create, name="create"),
    path("duplicates/", account.duplicates, name="duplicates"),
    path("alerts/<uuid:pk>/", include(alert_urls)),
    path("bad-news/", bad_news.index, name="bad_news_list"),
    path("bad-news/new/", bad_news.report_bad_news, name="report_bad_news"),
    path("bad-news/<uuid:pk>/", include(bad_news_urls)),
    path("promises/", promise.promises, name="promises"),
    path("promises/<uuid:pk>/", include(promise_urls)),
    path("tasks/", task.tasks, name="tasks"),
    path("tasks/<uuid:pk>/", include(task_urls)),
    path("people/<uuid:pk>/", include(contact_urls)),
    path("holdings/", holding.holdings, name="holdings"),
    path("holdings/import/", holding.import_holdings, name="import_holdings"),
    path("holdings/<uuid:pk>/", include(holding_urls)),
    path("touches/<uuid:pk>/", include(touch_urls)),
    path("<uuid:pk>/", include(account_urls)),
]
