"""What the processes of a race share: Django and all pages, loaded once and then forked."""

import importlib
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()
importlib.import_module("config.urls")
