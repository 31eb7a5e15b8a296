ARG PYTHON=3.11

FROM python:${PYTHON}-slim AS packages
COPY requirements/production.lock /production.lock
RUN python -m venv /packages \
 && /packages/bin/pip install --no-cache-dir --require-hashes --requirement /production.lock

FROM python:${PYTHON}-slim
ENV PATH=/packages/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    KAMERTON_ENV=production \
    STATIC_ROOT=/kamerton/collected-static \
    MEDIA_ROOT=/kamerton/media
RUN useradd --system --uid 10001 --home-dir /kamerton --no-create-home kamerton
WORKDIR /kamerton
COPY --from=packages /packages /packages
COPY . .
# Production's settings want to be complete even here; these values are gone after this line.
RUN SECRET_KEY=only-while-the-static-files-of-this-image-are-collected \
    BASE_URL=https://build.invalid \
    DATABASE_URL=postgresql://build.invalid/build \
    REDIS_URL=redis://build.invalid \
    python manage.py collectstatic --no-input \
 && install --directory --owner=kamerton /kamerton/media
USER kamerton
VOLUME /kamerton/media
EXPOSE 8000
# Asked by the name that production answers to; any other is refused.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(r.Request('http://127.0.0.1:8000/healthz', headers={'Host': os.environ['BASE_URL'].split('/')[2]}), timeout=4)"]
CMD ["gunicorn", "config.wsgi", "--bind=0.0.0.0:8000", "--worker-class=gthread", "--workers=2", "--threads=8", "--worker-tmp-dir=/dev/shm", "--no-control-socket"]
