"""The project: settings, routes, Celery. Nothing imports it; it imports everything."""
