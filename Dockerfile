# syntax=docker/dockerfile:1
# One image for all processes: api, worker (with its studio) and scheduler. Which
# one a container is, its command says.

FROM golang:1.26.8-bookworm AS build
WORKDIR /src
# The baseline of build/cxx: any x86-64 server since 2015. The picture library and
# the ONNX runtime look for themselves what the processor has.
ARG TARGET_MARCH=x86-64-v3
ENV TARGET_MARCH=$TARGET_MARCH GOFLAGS=-mod=readonly
# pip brings the models; build/fetch-models holds them against models/SHA256SUMS.
RUN apt-get update && apt-get install --yes --no-install-recommends python3-pip && rm -rf /var/lib/apt/lists/*
COPY Makefile ./
COPY build ./build
COPY models/SHA256SUMS ./models/
RUN make deps
COPY go.mod go.sum ./
RUN go mod download
COPY cmd ./cmd
COPY internal ./internal
COPY models ./models
RUN make build

FROM debian:12-slim
COPY Aptfile /tmp/Aptfile
RUN apt-get update \
	&& grep -v '^#' /tmp/Aptfile | xargs apt-get install --yes --no-install-recommends \
	&& rm -rf /var/lib/apt/lists/* /tmp/Aptfile
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin photos \
	&& install -d -o photos -g photos -m 0700 /data /keys
COPY --from=build /src/.deps/models /app/models
COPY --from=build /src/bin /app/bin
COPY LICENSE NOTICE /app/
# The numbers, not the name: Kubernetes can tell that they are not root's.
USER 10001:10001
WORKDIR /data
# Each process has its network, so all can have the same door for operators. PORT
# and not HTTP_ADDR, because platforms set PORT.
ENV PATH=/app/bin:/usr/local/bin:/usr/bin:/bin \
	ENVIRONMENT=production \
	MODELS_DIR=/app/models \
	OPS_ADDR=127.0.0.1:9100 \
	PORT=8080
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
	CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:9100/healthz"]
STOPSIGNAL SIGTERM
CMD ["api"]
