# `make` alone tells what there is. The work is done by the scripts in .ci/, which can also be called one by one.
.DEFAULT_GOAL := help
.PHONY: help run test check e2e load chaos bench results fmt clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Build and start Fictures on http://127.0.0.1:3000 (honours DATABASE_URL, REDIS_URL, LEPTOS_SITE_ADDR)
	@.ci/install run
	@.ci/build-site
	@cargo build --package server
	@exec .ci/serve

test: ## Everything that must hold before a change may land
	@.ci/install
	@.ci/test

check: ## The quick part of it: formatting, lints, documentation
	@.ci/install
	@.ci/test check

e2e: ## The browser tests only (ARGS="--project in-process like")
	@.ci/install
	@.ci/test e2e $(ARGS)

load: ## A minute of load on servers of its own, looking for stale reads and lost writes
	@.ci/install
	@cargo build --package server
	@.ci/services with .ci/load-test 60

chaos: ## Ten minutes of load and trouble on three servers, looking for the same (SECONDS=60)
	@.ci/install
	@.ci/chaos $(SECONDS)

bench: ## The benchmarks of the caches (ARGS="--quick")
	@.ci/install
	@.ci/services with .ci/bench $(ARGS)

results: ## Write docs/results.md: what the last `make test` found
	@.ci/results

fmt: ## Format the Rust code
	@cargo fmt --all

clean: ## Remove all that was built; keeps data/ and the installed tools
	@.ci/services stop
	@rm -rf target site site.new site.old .test end2end/test-results end2end/playwright-report
