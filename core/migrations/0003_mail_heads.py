"""What the head of a letter says: who wrote it, what it is about, what it answers."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("core", "0002_webhooks"),
    ]

    operations = [
        migrations.AddField(
            model_name="outgoingmail",
            name="headers",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="outgoingmail",
            name="is_automatic",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name="outgoingmail",
            name="subject_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddIndex(
            model_name="outgoingmail",
            index=models.Index(
                condition=models.Q(("is_automatic", True), ("subject_id__isnull", False)),
                fields=["to", "-created_at"],
                name="mail_answered_by_machine",
            ),
        ),
    ]
