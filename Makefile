# PassPortphotoGenie: `make run` starts everything on this machine, `make test`
# tests everything. Both install what is missing and are quick when nothing is.

SHELL := /bin/sh
DEPS := $(CURDIR)/.deps
TOOL := go tool -modfile=build/tools.mod

export CGO_ENABLED := 1
export CXX := $(CURDIR)/build/cxx
export MODELS_DIR ?= $(DEPS)/models

BUILD_PACKAGES := g++ pkg-config ca-certificates libvips-dev libdlib-dev libblas-dev \
	libopenblas-dev libatlas-base-dev liblapack-dev libjpeg-dev
RUN_PACKAGES := redis-server redis-tools curl
TEST_PACKAGES := postgresql poppler-utils sqlite3 openssl prometheus binutils caddy systemd

.PHONY: dashboards help run test build bench calibrate gallery load load-real simulate lint deps test-deps clean

help: ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' Makefile

run: build ## start everything on this machine; Ctrl-C stops it
	@build/system-packages $(RUN_PACKAGES)
	@build/honcho $(DEPS)/honcho
	@exec build/run

build: deps ## bin/api, bin/worker and bin/scheduler
	CGO_ENABLED=0 go build -trimpath -o bin/ ./cmd/api ./cmd/worker ./cmd/scheduler
	go build -trimpath -o bin/ ./cmd/studio

test: build test-deps ## every test, with real Redis, PostgreSQL and S3 servers
	go vet ./...
	go test -timeout 20m ./...
	cd dashboards && go vet ./... && go test ./... # a module of its own
	@# Each benchmark once, for no figure but so that none is broken when it is asked.
	go test -run '^$$' -bench . -benchtime 1x ./...
	@# The files of deployment, by a module of its own: it needs Kubernetes' types. They
	@# lie outside of it, where go's cache of results does not see them change.
	cd deploy/check && go vet ./... && go test -count 1 -timeout 20m ./...

bench: build test-deps ## the figures that the README quotes
	go run ./tools/bench
	go test -run '^$$' -bench . ./internal/check

calibrate: deps ## how the checks separate good pictures from bad: the tables of docs/checks.md
	go run ./tools/calibrate

gallery: build ## docs/gallery.md and its pictures, made anew
	go run ./tools/gallery

# Other loads: make load RATE=50 SIZE_MB=3 WORKERS=4, DATABASES=sqlite, DURATION=30s.
load: build test-deps ## what API, queue and databases bear, by k6: the figures of docs/performance.md
	go run ./tools/load $(if $(RATE),-rate $(RATE)) $(if $(SIZE_MB),-size $(SIZE_MB)) $(if $(DURATION),-duration $(DURATION)) \
		$(if $(WORKERS),-workers $(WORKERS)) $(if $(DATABASES),-databases $(DATABASES))

load-real: build test-deps ## the real studios at this machine's limit, for ten minutes
	go run ./tools/load -real -databases postgres -workers 1 -slots $(shell nproc) -rate $(or $(RATE),0) -duration $(or $(DURATION),10m)

simulate: build test-deps ## 1 to 50 worker processes on one Redis: the figures of docs/scaling.md
	go run ./tools/simcluster

PROMETHEUS ?= http://127.0.0.1:9090

dashboards: ## Grafana's dashboards, and their pictures of the last half hour of PROMETHEUS
	cd dashboards && go run . && mkdir -p ../docs/dashboards && go run ./picture -prometheus $(PROMETHEUS) $(PICTURE)

lint: deps ## golangci-lint, pinned in build/tools.mod
	$(TOOL) golangci-lint run ./...
	cd deploy/check && go tool -modfile=$(CURDIR)/build/tools.mod golangci-lint run --config $(CURDIR)/.golangci.yml ./...

deps: ## what building needs: system packages, models, ONNX Runtime
	@build/system-packages $(BUILD_PACKAGES)
	@build/fetch-models $(DEPS)/models

test-deps:
	@build/system-packages $(RUN_PACKAGES) $(TEST_PACKAGES)
	@build/honcho $(DEPS)/honcho
	@build/schemathesis $(DEPS)/schemathesis
	go build -modfile=build/tools.mod -o $(DEPS)/bin/ github.com/versity/versitygw/cmd/versitygw github.com/oasdiff/oasdiff
	go build -modfile=build/k6.mod -o $(DEPS)/bin/ go.k6.io/k6

clean: ## remove what was built; fetched models and data stay
	rm -rf bin
