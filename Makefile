# Everything a person does with this repository; `make help` lists it. The work is done by scripts under tools/.
SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
export NX_DAEMON := false
export NX_NO_CLOUD := true
export NX_TUI := false

# Extra words for the command behind a target: make up ARGS='--hosts 5'
ARGS ?=

.PHONY: fuzz help install build up down test lint format bench bench-placement bench-scheduling conformance chaos clean

help: ## what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

install:
	@bash tools/setup/node-modules.sh

build: install ## compile every package
	@nx run-many -t build --outputStyle=static

up: build ## start a whole cloud on this machine, in the background
	@./kilonova up --detach $(ARGS)

down: ## stop the cloud that `make up` started
	@./kilonova down $(ARGS)

test: ## everything that CI checks, with a real PostgreSQL and RabbitMQ
	@bash tools/test/run.sh $(ARGS)

lint: install ## format, lint, package boundaries, types
	@npm run --silent lint

format: install ## rewrite sources in the project's format
	@npm run --silent format

bench: build ## load on the whole cloud; HOSTS=5000 CELLS=10 makes it larger
	@bash tools/bench/run.sh $(ARGS)

bench-scheduling: build ## load on the scheduler with placement, from 20 to 20,000 hosts
	@bash tools/bench/run.sh scheduling $(ARGS)

bench-placement: build ## load on placement alone
	@bash tools/bench/run.sh placement $(ARGS)

conformance: build ## the published test suites of the reference services
	@bash tools/conformance/run.sh $(ARGS)

chaos: build ## kill, cut and delay while servers are built
	@bash tools/chaos/run.sh $(ARGS)

fuzz: build ## ten thousand malformed requests to each of the four APIs
	@bash tools/fuzz/run.sh $(ARGS)

clean: ## remove what was built and the state of `make up`
	@rm -rf apps/*/dist libs/*/dist .nx .state
