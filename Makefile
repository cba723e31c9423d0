# Everything a new machine needs is set up by the first `make`; the second time it is quick.
PYTHON ?= python3
PIP = .venv/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes
export PYTHONDONTWRITEBYTECODE =  # else every program that the tests start compiles everything again
COMPILE = .venv/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-annotate \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links

.PHONY: demo test setup format lock bench

demo: setup  ## a whole invented province on three phones in your browser
	.venv/bin/apso demo

test: .venv/dev-ready  ## format, lint, types and every test, on SQLite and on a PostgreSQL that the tests start
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/pytest -n 3 --dist worksteal
	.venv/bin/pytest -n 3 --dist worksteal --engine=postgres

setup: .venv/ready  ## a virtual environment with what the bot needs to run, and the command .venv/bin/apso

format: .venv/dev-ready  ## put the code into its shape
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

lock: .venv/dev-ready  ## pin the newest allowed versions
	CUSTOM_COMPILE_COMMAND="make lock" $(COMPILE) -o requirements/run.txt requirements/run.in
	CUSTOM_COMPILE_COMMAND="make lock" $(COMPILE) -o requirements/dev.txt requirements/dev.in
	CUSTOM_COMPILE_COMMAND="make lock" $(COMPILE) -o requirements/bench.txt requirements/bench.in

bench: .venv/dev-ready .venv-bench/ready  ## turns, engine, broadcast, backup, kills: about half an hour, on two idle cores
	.venv/bin/python -m bench.turns
	.venv/bin/python -m bench.engine
	.venv/bin/python -m bench.broadcast
	.venv/bin/python -m bench.backup
	.venv/bin/python -m bench.kills

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/ready: requirements/run.txt | .venv/bin/python
	@echo "Setting up, about half a minute the first time …"
	$(PIP) -r requirements/run.txt
	printf '#!/bin/sh\nPYTHONPATH="%s" exec "%s/.venv/bin/python" -m bot "$$@"\n' "$(CURDIR)" "$(CURDIR)" > .venv/bin/apso
	chmod +x .venv/bin/apso
	touch $@

.venv/dev-ready: .venv/ready requirements/dev.txt
	$(PIP) -r requirements/dev.txt
	.ci/browser
	touch $@

.venv-bench/ready: requirements/bench.txt
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes -r requirements/bench.txt
	touch $@
