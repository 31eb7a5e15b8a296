"""Pages of accounts. One name: `accounts:keep_promise` is the verb `accounts.keep_promise`."""

from django.urls import include, path

from accounts.views import account, contact, promise, touch

app_name = "accounts"
account_urls = [
    path("", account.detail, name="detail"),
    path("edit/", account.edit, name="edit"),
    path("reassign/", account.reassign, name="reassign"),
    path("people/new/", contact.add_contact, name="add_contact"),
    path("touches/new/", touch.log_touch, name="log_touch"),
    path("promises/new/", promise.make_promise, name="make_promise"),
]
promise_urls = [
    path("", promise.promise, name="promise"),
    path("keep/", promise.keep_promise, name="keep_promise"),
    path("renegotiate/", promise.renegotiate_promise, name="renegotiate_promise"),
    path("withdraw/", promise.withdraw_promise, name="withdraw_promise"),
]
urlpatterns = [
    path("", account.index, name="index"),
    path("new/", account.create, name="create"),
    path("duplicates/", account.duplicates, name="duplicates"),
    path("promises/", promise.promises, name="promises"),
    path("promises/<uuid:pk>/", include(promise_urls)),
    path("people/<uuid:pk>/", contact.contact, name="contact"),
    path("people/<uuid:pk>/edit/", contact.edit_contact, name="edit_contact"),
    path("touches/<uuid:pk>/", touch.touch, name="touch"),
    path("<uuid:pk>/", include(account_urls)),
]
