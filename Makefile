# The two commands of README are `make demo` and `make test`; each installs what is missing.
SWIFT ?= swift
PROJECT ?= demo
MINIPLM = .build/release/miniplm
SWIFT_FOLDERS = Package.swift Sources Tests

.PHONY: demo run build test lint format setup setup-demo bench-peers bench-corpus bench-tasks \
  install uninstall package pictures soak clean

# The whole method on real text: in the workbench, or as plain lines when stdout is no terminal.
demo: setup-demo build
	$(MINIPLM) demo --project $(PROJECT)

run: build
	$(MINIPLM)

build: setup
	@$(SWIFT) build -c release --product miniplm

# One build serves tests and program: testable imports would compile every module a second time.
test: setup lint
	$(SWIFT) test -c release --disable-testable-imports

# The program with Swift's runtime inside, linked from what `make build` compiled; nothing is built twice.
PREFIX ?= /usr/local
DESTDIR ?=
INSTALLED = .build/installed/miniplm

# Under sudo there may be no swift: what the person has linked before is then installed.
ifneq ($(shell command -v $(SWIFT)),)
$(INSTALLED): build
	@scripts/link_static.sh $(INSTALLED)
endif

install: $(INSTALLED)
	@scripts/install.sh install $(INSTALLED) $(PREFIX) $(DESTDIR)

uninstall:
	@scripts/install.sh uninstall - $(PREFIX) $(DESTDIR)

# A Debian package in .build/package.
package: $(INSTALLED)
	@scripts/make_package.sh $(INSTALLED) .build/package

# Pictures of README, from a finished project of the demo.
pictures: build
	@MINIPLM=$(MINIPLM) scripts/make_pictures.sh $(PROJECT)

# Hours of what a terminal can do to the program: storms of sizes on every screen, 100,000 keys, hostile texts, readers that
# stop or crawl. Prints what it did; SOAK_SEED repeats a run, SOAK_KEYS and SOAK_SIZES shorten it.
soak: setup
	MINIPLM_SOAK=1 $(SWIFT) test -c release --disable-testable-imports --filter "^CommandTests\.SoakTests"

# Ours and the peers alternately; ROWS="score:qwen-104m:bf16 ..." for some rows only, BENCH_OPTIONS for
# others of Benchmarks/peers/run.py. PEERS names the folder that the peers are installed into.
bench-peers: build
	env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE \
	  python3 Benchmarks/peers/run.py --program $(MINIPLM) $(BENCH_OPTIONS) $(ROWS)

# Reading and tokenizing beside Python's libraries: TOKENIZER=folder TEXTS="a.jsonl b.jsonl".
bench-corpus: build
	python3 Benchmarks/corpus/run.py --program $(MINIPLM) --tokenizer $(TOKENIZER) $(BENCH_OPTIONS) $(TEXTS)

# Zero-shot evaluation beside lm-evaluation-harness: MODEL=folder ITEMS=hellaswag.jsonl PYTHON=python-with-lm-eval.
bench-tasks: build
	env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE \
	  $(or $(PYTHON),python3) Benchmarks/tasks/run.py --program $(MINIPLM) \
	  --write docs/BENCHMARKS.md $(BENCH_OPTIONS) $(MODEL) $(ITEMS)

lint: setup
	$(SWIFT) format lint --strict --recursive --parallel $(SWIFT_FOLDERS)

format:
	$(SWIFT) format format --in-place --recursive --parallel $(SWIFT_FOLDERS)

setup:
	@scripts/setup.sh scripts/build-packages.txt

setup-demo:
	@scripts/setup.sh scripts/build-packages.txt scripts/demo-packages.txt

clean:
	rm -rf .build
