"""Addresses of the mail viewer."""

from django.urls import path

from caseward.web.views import sent_mail

urlpatterns = [
    path("", sent_mail.sent_mails, name="sent-mails"),
    path("<int:mail_id>", sent_mail.sent_mail, name="sent-mail"),
    path("<int:mail_id>/raw", sent_mail.sent_mail_raw, name="sent-mail-raw"),
]
