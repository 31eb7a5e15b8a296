"""Mailboxes are leased and tell of their troubles; letters are known again; strangers have an address."""

import django.db.models.functions.datetime
from django.db import migrations, models
from django.db.models import Q
from django.utils.timezone import now


class Migration(migrations.Migration):

    dependencies = [
        ("core", "0003_mail_heads"),
        ("complaints", "0007_lessons_are_searchable"),
    ]

    operations = [
        migrations.AddField(
            model_name="complaint",
            name="client_email",
            field=models.EmailField(blank=True, default="", max_length=254, verbose_name="from which address"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="complaint",
            name="client_name",
            field=models.CharField(blank=True, default="", max_length=120, verbose_name="who wrote"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="mailbox",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="created_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="updated_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="claimed_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="told_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="inboundmail",
            name="digest",
            field=models.CharField(default="", editable=False, max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="inboundmail",
            name="received_at",
            field=models.DateTimeField(default=now, verbose_name="received"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="inboundmail",
            name="tries",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.RemoveIndex(model_name="inboundmail", name="inbound_by_header_id"),
        migrations.AddIndex(
            model_name="inboundmail",
            index=models.Index(fields=["digest"], name="inbound_by_digest"),
        ),
        migrations.AddIndex(
            model_name="inboundmail",
            index=models.Index(
                condition=models.Q(("outcome", "fetched")),
                fields=["mailbox", "uid"],
                name="inbound_not_read",
            ),
        ),
        migrations.RemoveConstraint(model_name="inboundmail", name="taken_letter_has_a_complaint"),
        migrations.AddConstraint(
            model_name="inboundmail",
            constraint=models.CheckConstraint(
                condition=~Q(outcome__in=["matched", "new"])
                | Q(complaint__isnull=False)
                | Q(why="notice"),
                name="taken_letter_has_a_complaint",
            ),
        ),
        migrations.RemoveConstraint(model_name="message", name="people_sign_their_messages"),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=~Q(kind__in=["reply", "note", "opinion"])
                | Q(author__isnull=False)
                | Q(kind="note", channel="email"),
                name="people_sign_their_messages",
            ),
        ),
    ]
