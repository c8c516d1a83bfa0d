# The app as a container, for a study made elsewhere:
#
#   docker build -t interpretable .
#   docker run --init --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges \
#     -p 127.0.0.1:8501:8501 -v "$PWD/studies/heart:/study" interpretable
#
# The container's user has the number 10001 and must be able to write in the mounted study: decisions are kept there.
# For a release, pin the base by digest: --build-arg BASE=python:3.11-slim@sha256:<the digest that was tested>
ARG BASE=python:3.11-slim

FROM ${BASE} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
RUN python -m venv /opt/venv
# The lock alone first: this layer is kept until the lock changes.
COPY requirements.lock ./
RUN /opt/venv/bin/python -m pip install --require-hashes -r requirements.lock
COPY . ./
RUN /opt/venv/bin/python -m pip install --no-deps --no-build-isolation .

FROM ${BASE}
# The local language model's engine is built with OpenMP, whose library the slim base leaves out.
# Debian keeps one version per release, so a pinned one would stop the build at the next security update.
# hadolint ignore=DL3008
RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/*
RUN groupadd --gid 10001 app \
    && useradd --uid 10001 --gid app --no-create-home --home-dir /tmp --shell /usr/sbin/nologin app \
    && mkdir /study && chown app:app /study
COPY --from=build /opt/venv /opt/venv
COPY .streamlit /app/.streamlit
# Everything that libraries like to cache goes to /tmp, so that the rest may be read-only.
ENV PATH=/opt/venv/bin:$PATH \
    HOME=/tmp \
    XDG_CACHE_HOME=/tmp/cache \
    NUMBA_CACHE_DIR=/tmp/numba \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /app
USER 10001:10001
VOLUME ["/study"]
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=3)"]
# 0.0.0.0 inside the container only: who may reach it is decided by -p above.
ENTRYPOINT ["interpretable"]
CMD ["app", "/study", "--address", "0.0.0.0"]
