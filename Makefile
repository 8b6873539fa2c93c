# The targets a person types; `make help` lists them. Everything heavy lives in hack/ or Maven.
SHELL := /bin/bash
.DEFAULT_GOAL := help

JAVA_HOME := $(shell hack/find-jdk)
export JAVA_HOME
export PATH := $(JAVA_HOME)/bin:$(PATH)
export P2S_CACHE ?= $(HOME)/.cache/p2s-gateway
MVN := mvn -B -ntp

.PHONY: help
help: ## Lists every target
	@grep -hE '^[a-z][a-z-]*:.*## ' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  %-16s %s\n", $$1, $$2}'

.PHONY: jdk
jdk: ## Says which JDK is used
	@echo "==> JDK $(JAVA_HOME)"

.PHONY: build
build: jdk ## Compiles and packages the application
	$(MVN) -q package -DskipTests

.PHONY: unit
unit: jdk ## Runs the fast, pure tests
	$(MVN) test

.PHONY: test
test: jdk ## Sets up what is missing and runs every test
	$(MVN) verify

.PHONY: format
format: jdk ## Formats the sources
	$(MVN) -q spotless:apply

.PHONY: lint
lint: jdk ## Formatter check and analyser
	$(MVN) -q spotless:check
	$(MVN) -q -Perrorprone test-compile

.PHONY: engine
engine: ## Makes sure that a container engine runs
	@hack/engine
	@hack/base-image

.PHONY: node-image
node-image: engine ## Builds the test cluster's node, where it cannot be pulled
	@hack/node-image

.PHONY: client-image
client-image: engine ## Builds the stock client's image
	@hack/build-image p2s.test/client:local images/client

.PHONY: clean
clean: ## Removes what was built
	rm -rf target
