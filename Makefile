# The verbs of this project; `make` alone lists them.
# Each verb creates .venv when it is missing and installs only what it needs.

PYTHON ?= python3
CONFIG ?= configs/names.yaml
DATA ?=
OUT ?= screenshots
# One store a data folder, named after it, so that two data sets never mix.
STORE ?= stores/$$(basename "$(DATA)")

BIN := .venv/bin
HUB := $(BIN)/hf
SPACE ?=
# `make report RUN=test` names a run; everywhere else RUN is the interpreter.
REPORTED := $(if $(filter command%,$(origin RUN)),$(RUN))
override RUN := $(BIN)/python
# Several tests at a time, but for those with a browser: pages share the cores with it already.
PYTEST := $(RUN) -m pytest
TOGETHER := OMP_NUM_THREADS=1 $(PYTEST) --numprocesses logical --maxprocesses 4 --dist worksteal
INSTALL := $(RUN) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

# Installed sets are stamps inside .venv: they vanish with it and age with their files.
SERVING := .venv/.serving
TORCH := .venv/.torch
TRAINING := .venv/.training
DEV := .venv/.dev

# The pictures that ship with the results, in the layout of the Kaggle data set.
RELEASED := checkpoints/names
SHIPPED := results/handwritten-names
DEVELOPMENT := results/development
# What travels as strips; the rest of the training pictures is composed on arrival.
SETS := kaggle dhsd copiste

# pip must not write into one .venv twice at a time; the tools use the cores themselves.
.NOTPARALLEL:
.PHONY: help app space dashboard check test format train travel arrive development evaluate earlier report golden bench pagebench release constraints fonts screenshots

help:
	@echo "make VERB, where VERB is one of"
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  %-13s%s\n", $$1, $$2}' Makefile

app: $(SERVING)  ## draw or upload a name and have it read
	$(RUN) app.py

# The Hub takes no binary files by `git push`; only what the page needs goes there.
space: $(SERVING)  ## put the page on a Hugging Face Space: SPACE=user/name
	rm -rf .space
	mkdir .space
	git archive HEAD app.py hwr_core checkpoints requirements.txt LICENSE NOTICE | tar -x -C .space
	cp space/README.md .space/
	$(HUB) upload "$(SPACE)" .space . --repo-type space

dashboard: $(SERVING)  ## browse the results and the errors
	$(RUN) -m streamlit run dashboard.py

check: $(SERVING) $(TRAINING) $(DEV)  ## format, lint, types, layers, fast tests
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m mypy
	$(BIN)/lint-imports
	$(TOGETHER) -m "not slow and not browser"

test: check  ## all that check does, then the slow and the browser tests
	$(TOGETHER) -m "slow and not browser"
	$(PYTEST) -m browser

format: $(DEV)  ## repair what a machine can repair
	$(RUN) -m ruff check --fix-only .
	$(RUN) -m ruff format .

train: $(SERVING) $(TRAINING)  ## learn a model: DATA=folder [CONFIG=file] [STORE=folder] [RESUME=1]
	@if test -e "$(STORE)"; then \
	  if test -e "$(STORE)/packed-from" && \
	    test "$$(cat "$(STORE)/packed-from")" != "$$(realpath "$(DATA)")"; then \
	    echo "$(STORE) was packed from another folder than $(DATA); name one with STORE=folder"; exit 1; fi; \
	  echo "$(STORE) is packed already; delete it to pack $(DATA) again"; \
	else echo "packing $(DATA) into $(STORE)"; $(RUN) -m hwr_core prepare kaggle "$(DATA)" --out "$(STORE)" && \
	  realpath "$(DATA)" > "$(STORE)/packed-from"; fi
	$(RUN) -m hwr_core train "$(CONFIG)" $(if $(RESUME),--resume) --set "stores={\"$(STORE)\": 1}"

travel: $(SERVING)  ## pack stores and material into travel/, for a machine that takes little
	rm -rf travel
	mkdir travel
	set -e; for set in $(SETS); do $(RUN) -m hwr_core coarsen stores/$$set --out travel/$$set; \
	  tar -cJf travel/$$set.tar.xz -C travel $$set; rm -r travel/$$set; done
	set -e; for kind in words chars; do gzip -dc data/unipen/$${kind}_train.jsonl.gz | xz > travel/$$kind.jsonl.xz; done
	tar -chJf travel/lexicons.tar.xz -C data lexicons handwritten-names/train_label_counts.csv
	cp stores/cuts.arrow travel/
	wc -c travel/* | tail -1

arrive: $(SERVING)  ## unpack travel/ there; then compose, and train
	mkdir -p stores data/unipen
	set -e; for set in $(SETS); do tar -xJf travel/$$set.tar.xz -C stores; done
	set -e; for kind in words chars; do xz -dc travel/$$kind.jsonl.xz | gzip -1 > data/unipen/$${kind}_train.jsonl.gz; done
	tar -xJf travel/lexicons.tar.xz -C data
	cp travel/cuts.arrow stores/

development: $(SERVING)  ## pack the development sets that ship, from data/
	$(RUN) -m hwr_core development data --out $(DEVELOPMENT)

evaluate: $(SERVING)  ## measure the shipped model on every picture that ships
	$(RUN) -m hwr_core measure
	$(RUN) -m hwr_core challenge --out results/challenge.md

# The commit that first added the file is the same in every clone with its history.
earlier: $(SERVING)  ## measure the first released model, from the history, for comparison
	mkdir -p .earlier && first=$$(git log --diff-filter=A --format=%h -- $(RELEASED).safetensors | tail -1) && \
	for end in safetensors onnx; do git show "$$first:$(RELEASED).$$end" > .earlier/names.$$end || exit 1; done
	$(RUN) -m hwr_core measure --checkpoint .earlier/names.safetensors --slim --out results/earlier
	rm -r .earlier

report: $(SERVING)  ## write what a manager reads of each run: report.pdf and its parts [RUN=name]
	$(RUN) -m hwr_core report $(REPORTED)

golden: $(SERVING)  ## after a release: note what the model reads in the golden pictures
	$(RUN) -m tests.golden_pictures

bench: $(SERVING)  ## time the stages from a picture to its text
	$(RUN) -m hwr_core bench

pagebench: $(SERVING) $(DEV)  ## time the page: its start, a stroke, fifty people, five hundred pictures
	$(RUN) -m tests.page_bench

screenshots: $(SERVING) $(DEV)  ## take a picture of every state of the page: OUT=folder
	$(RUN) -m tests.screenshots "$(OUT)"

release: $(SERVING) $(TRAINING)  ## make a trained model the shipped one: CANDIDATE=file
	$(RUN) -m hwr_core release "$(CANDIDATE)"

# npm, because the packages are npm's; only the files named in the list are kept.
fonts: FONTS := hwr_core/data/fonts
fonts:  ## fetch the handwriting fonts again, as listed in hwr_core/data/fonts/fonts.csv
	box=$$(mktemp -d) && \
	npm install --prefix "$$box" --ignore-scripts --no-audit --no-fund \
	  $$(awk -F, 'NR > 1 {print "@fontsource/" $$1 "@" $$2}' $(FONTS)/fonts.csv) && \
	awk -F, 'NR > 1 {n = split($$3, s, "+"); for (i = 1; i <= n; i++) \
	  print $$1 "/files/" $$1 "-" s[i] "-400-normal.woff2"}' $(FONTS)/fonts.csv | \
	while read -r file; do cp "$$box/node_modules/@fontsource/$$file" $(FONTS)/ || exit 1; done && \
	rm -rf "$$box"

constraints: $(BIN)/pip  ## after changing a pin: renew constraints.txt
	$(RUN) -m pip install -r requirements-torch.txt
	$(RUN) -m pip install -r requirements.txt -r requirements-train.txt -r requirements-dev.txt
	$(RUN) -m pip check
	{ echo "# What the pinned packages need in turn; written by: make constraints"; \
	  $(RUN) -m pip freeze | grep -v '^torch=='; } > constraints.txt

# A verb that lacks its argument says so before anything is installed.
need = $(if $(filter $(1),$(MAKECMDGOALS)),$(if $($(2)),,$(error $(3))))
$(call need,train,DATA,make train needs pictures with labels in the Kaggle layout: make train DATA=folder)
$(call need,space,SPACE,make space needs the name of one: make space SPACE=user/name)
$(call need,release,CANDIDATE,make release needs a trained model: make release CANDIDATE=file)

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' || { echo \
	  "This needs Python 3.11 to 3.14; name one like this: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv

$(SERVING): requirements.txt constraints.txt | $(BIN)/pip
	$(INSTALL) -r requirements.txt
	@touch $@

$(TORCH): requirements-torch.txt constraints.txt | $(BIN)/pip
	$(INSTALL) -r requirements-torch.txt
	@touch $@

$(TRAINING): requirements-train.txt constraints.txt $(TORCH) | $(BIN)/pip
	$(INSTALL) -r requirements-train.txt
	@touch $@

$(DEV): requirements-dev.txt constraints.txt | $(BIN)/pip
	$(INSTALL) -r requirements-dev.txt
	@touch $@
