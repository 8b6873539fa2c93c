# The targets a person types; `make help` lists them. Everything heavy lives in hack/ or Maven.
SHELL := /bin/bash
.DEFAULT_GOAL := help

JAVA_HOME := $(shell hack/find-jdk)
export JAVA_HOME
export PATH := $(JAVA_HOME)/bin:$(PATH)
export P2S_CACHE ?= $(HOME)/.cache/p2s-gateway
# The images' tag: worktrees that share an engine name one each.
export P2S_IMAGE_TAG ?= dev
MVN := mvn -B -ntp

.PHONY: help
help: ## Lists every target
	@grep -hE '^[a-z][a-z-]*:.*## ' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  %-16s %s\n", $$1, $$2}'

.PHONY: jdk
jdk: ## Says which JDK is used
	@echo "==> JDK $(JAVA_HOME)"

.PHONY: build
build: jdk ## Compiles and packages the application
	@echo "==> packaging (about 30 s; the first time Maven fetches what it needs)"
	@$(MVN) -q package -DskipTests

.PHONY: unit
unit: jdk ## Runs the fast, pure tests
	$(MVN) test

.PHONY: crds
crds: build ## Brings the generated CRDs into crds/ and the chart
	@hack/crds

.PHONY: docs
docs: crds ## Writes docs/reference from the CRDs and the catalogue
	@hack/run-main dev.p2s.reference.Reference docs/reference

.PHONY: images
images: build engine ## Builds the images of the operator and of the VPN servers
	@hack/operator-image p2s.dev/operator:$(P2S_IMAGE_TAG)
	@hack/build-image p2s.dev/openvpn:$(P2S_IMAGE_TAG) images/openvpn
	@hack/build-image p2s.dev/strongswan:$(P2S_IMAGE_TAG) images/strongswan

.PHONY: push
TAG ?= $(shell git describe --always --dirty)
push: images ## Pushes the images (REGISTRY=registry.example/vpn, TAG=…) and prints how to install them
	@[ -n "$(REGISTRY)" ] || { echo "say where to: make push REGISTRY=registry.example/vpn" >&2; exit 2; }
	@hack/push "$(REGISTRY)" "$(TAG)"

.PHONY: test
test: jdk ## Sets up what is missing and runs every test
	@echo "==> lint, unit tests and package"
	@$(MAKE) --no-print-directory lint
	$(MVN) package
	@hack/crds --check
	@hack/chart-check
	@$(MAKE) --no-print-directory engine node-image client-image
	@hack/operator-image p2s.dev/operator:$(P2S_IMAGE_TAG)
	@hack/build-image p2s.dev/openvpn:$(P2S_IMAGE_TAG) images/openvpn
	@hack/build-image p2s.dev/strongswan:$(P2S_IMAGE_TAG) images/strongswan
	@hack/identity-provider-image p2s.test/identity-provider:local
	@hack/push-check
	@hack/namespace-tools
	@echo "==> tests in the cluster and in network namespaces"
	@hack/integration-tests

.PHONY: soak
soak: images node-image client-image ## Runs the outage and endurance tests in full (about 10 h; P2S_SOAK_HOURS=0.5 bounds each); make test runs them shortened
	@hack/namespace-tools
	P2S_SOAK=full $(MVN) test -Dtest='*ClusterIT,*NamespaceIT,*FuzzTest,*SoakTest' -Dtest.excludes=none -Dgroups=soak

.PHONY: chart-check
chart-check: ## Lints the chart and renders it with its values' corners
	@hack/chart-check

.PHONY: format
format: jdk ## Formats the sources
	$(MVN) -q spotless:apply

.PHONY: lint
lint: jdk ## Formatter check, Error Prone and shell analyser
	$(MVN) -q spotless:check
	$(MVN) -q test-compile -Perrorprone -Dmaven.compiler.showWarnings=false
	@hack/shellcheck

.PHONY: engine
engine: ## Makes sure that a container engine runs
	@hack/engine
	@hack/base-image

.PHONY: node-image
node-image: engine ## Builds the test cluster's node, where it cannot be pulled
	@hack/node-image

.PHONY: client-image
client-image: engine ## Builds the images of the stock clients and of the sample workload
	@hack/build-image p2s.test/client:$(P2S_IMAGE_TAG) images/client
	@hack/echo-image p2s.test/echo:local
	@hack/build-image p2s.test/sstp-client:$(P2S_IMAGE_TAG) images/sstp-client

.PHONY: cluster-up
NAME ?= dev
cluster-up: jdk ## Starts a cluster that stays (NAME=dev), or finds it running
	@hack/run-main dev.p2s.cluster.ClusterUp $(NAME)

.PHONY: cluster-down
cluster-down: ## Removes the cluster that cluster-up started (NAME=dev)
	@hack/cluster-down $(NAME)

.PHONY: demo
demo: export P2S_DEMO_BEGAN := $(shell date +%s)
demo: images client-image ## Shows it: cluster, operator, samples, and a client that goes through the tunnel
	@hack/run-main dev.p2s.demo.Demo

.PHONY: demo-down
demo-down: ## Takes the demo away
	@hack/cluster-down demo

.PHONY: clean-cluster
clean-cluster: ## Removes what killed test runs left on the engine
	@hack/cluster-down --leftovers

.PHONY: bench
bench: images client-image ## Measures in a cluster of its own (PART=operator, protocols, sstp, shaping, moves, top or fleet alone); prints a table, writes target/bench/results.csv
	@hack/run-main dev.p2s.bench.Bench $(PART)

.PHONY: clean
clean: ## Removes what was built
	rm -rf target
