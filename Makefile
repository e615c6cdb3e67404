# The commands of the README. Each does its own set-up and says in words what it lacks.

.PHONY: help build demo test check browser

help: ## Say what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

build: ## Build target/release/mhero with the console inside
	@scripts/toolchain rust
	@scripts/console
	cargo build --release --locked

demo: build ## Run a synthetic country on this machine; prints where to look and how to sign in
	target/release/mhero demo

test: ## Install what is missing, check the sources, run every test
	@scripts/setup
	@scripts/console
	@scripts/check
	@scripts/test

check: ## Only format, lints, licences and documentation
	@scripts/toolchain rust
	@scripts/console
	@scripts/check

browser: ## Only the browser tests
	@scripts/setup
	@scripts/console
	cargo build --locked --package mhero
	node --test tests/browser/*.test.mjs
