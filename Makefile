# Two commands do everything: `make demo` and `make test`. Python 3.11, pip and make are enough.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin
LANGUAGES := nl fr de
KEYWORDS := --no-default-keywords -k tr -k ntr:1,2 -k N_

.PHONY: demo test check bench translations clean

demo: $(VENV)/ready
	$(RUN)/belleman demo $(ARGS)

test: $(VENV)/ready-to-test
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy
	$(RUN)/lint-imports
	$(RUN)/pytest -n logical --maxprocesses 8 --dist worksteal --cov --cov-report=term:skip-covered $(ARGS)

bench: $(VENV)/ready-to-test
	$(RUN)/python -m tests.bench.start
	$(RUN)/python -m tests.bench.votes $(ARGS)
	$(RUN)/python -m tests.bench.pages

translations: $(VENV)/ready-to-test
	$(RUN)/pybabel -q extract $(KEYWORDS) --sort-by-file --add-location file --project Belleman --version 0.1 \
		--omit-header -o locales/messages.pot dialogs participation bot/courier.py
	for language in $(LANGUAGES); do \
		$(RUN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete -l $$language -d locales -i locales/messages.pot; \
	done

$(VENV)/ready: requirements.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(RUN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	$(RUN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@

$(VENV)/ready-to-test: $(VENV)/ready requirements-test.txt
	$(RUN)/pip install --quiet --disable-pip-version-check -r requirements-test.txt
	touch $@

clean:
	rm -rf $(VENV) data
