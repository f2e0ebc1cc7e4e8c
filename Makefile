# rightsize - see README.md. `make help` lists what can be made.
VERSION  := 0.1.0

BUILD    ?= build
PREFIX   ?= /usr/local
CC       ?= cc
CFLAGS   ?= -O3 -g
HARDEN   ?= -D_FORTIFY_SOURCE=2 -fstack-protector-strong
PKGS     := libcjson sqlite3 gsl zlib smartcols expat
LAZY     := libcurl # its headers only: src/net/curl.h loads it when it is needed
PKG_CONFIG ?= pkg-config

# gcc joins the rooms where it links the program, which makes it 4 % faster; tests are linked from
# what each file was compiled to by itself, since joining takes seconds a program.
LTO      ?= $(if $(findstring gcc version,$(shell $(CC) -v 2>&1)),-flto=auto -ffat-lto-objects)
NO_LTO    = $(if $(LTO),-fno-lto)

WARN := -std=c11 -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wstrict-prototypes \
        -Wmissing-prototypes -Wformat=2 -Wvla -Wundef
ALL_CPPFLAGS = -Iinclude -Isrc -D_POSIX_C_SOURCE=200809L -DRS_VERSION='"$(VERSION)"' \
        -DRS_CATALOG_DIR='"$(PREFIX)/share/rightsize/catalog"' -MMD -MP $(CPPFLAGS)
LDLIBS = $(shell $(PKG_CONFIG) --libs $(PKGS)) -lm -ldl

SRC     := $(wildcard src/*/*.c)
SQL     := $(sort $(wildcard schema/[0-9]*.sql))
LIBOBJ  := $(patsubst %.c,$(BUILD)/%.o,$(filter-out src/cli/main.c,$(SRC))) $(BUILD)/schema_sql.o
UNITS   := $(patsubst tests/unit/%.c,$(BUILD)/%,$(wildcard tests/unit/test_*.c))
FUZZERS := $(patsubst tests/fuzz/%.c,$(BUILD)/%,$(wildcard tests/fuzz/fuzz_*.c))
SUPPORT := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/support/*.c))
JOBS    ?= $(shell nproc 2>/dev/null || echo 1)
SCRIPTS := $(sort $(wildcard tests/e2e/[0-9]*.sh))
FLEET   := $(BUILD)/fleet
BENCHES := $(patsubst tests/bench/%.c,$(BUILD)/bench_%,$(wildcard tests/bench/*.c))

ifneq ($(V),1)
Q := @
say = @echo "  $(1)	$(2)"
endif

all: $(BUILD)/rightsize ## the program, build/rightsize

$(BUILD)/rightsize: $(BUILD)/src/cli/main.o $(BUILD)/librightsize.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LTO) $(LDFLAGS) -pthread -o $@ $^ $(LDLIBS)

$(BUILD)/librightsize.a: $(LIBOBJ)
	$(Q)rm -f $@ && ar rcs $@ $^

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(WARN) $(HARDEN) $(CFLAGS) $(LTO) -pthread -c -o $@ $<

# The schema's SQL as bytes: a string literal of that length is not portable C.
$(BUILD)/schema_sql.c: $(SQL) tests/tools/embed.sh
	@mkdir -p $(@D)
	$(Q)sh tests/tools/embed.sh $(SQL) > $@.tmp && mv $@.tmp $@

$(BUILD)/schema_sql.o: $(BUILD)/schema_sql.c
	$(Q)$(CC) $(ALL_CPPFLAGS) $(WARN) $(CFLAGS) -c -o $@ $<

$(BUILD)/test_%: $(BUILD)/tests/unit/test_%.o $(SUPPORT) $(BUILD)/librightsize.a
	$(Q)$(CC) $(CFLAGS) $(NO_LTO) $(LDFLAGS) -pthread -o $@ $^ -lcmocka $(LDLIBS)

# The fuzz targets as plain programs that replay their corpus; `make fuzz` looks for more.
$(BUILD)/fuzz_%: tests/fuzz/fuzz_%.c $(BUILD)/librightsize.a
	$(Q)$(CC) $(ALL_CPPFLAGS) $(WARN) $(CFLAGS) $(NO_LTO) $(LDFLAGS) -DFUZZ_REPLAY -pthread -o $@ $(filter %.c %.a,$^) $(LDLIBS)

$(FLEET): $(patsubst %.c,$(BUILD)/%.o,$(wildcard samples/*.c)) $(BUILD)/librightsize.a
	$(Q)$(CC) $(CFLAGS) $(NO_LTO) $(LDFLAGS) -pthread -o $@ $^ $(LDLIBS)

deps-%: ## deps-build, deps-test: install what is missing (DEPS=no: only say what)
	$(Q)sh tests/tools/deps.sh $*

demo: deps-build ## build and answer for the fleet in samples/
	$(Q)$(MAKE) --no-print-directory -j$(JOBS) all
	$(Q)BUILD=$(BUILD) sh samples/demo.sh

test: deps-test ## everything, with gcc and with clang
	$(Q)$(MAKE) --no-print-directory lint-fast
	$(Q)$(MAKE) --no-print-directory -j$(JOBS) BUILD=build-clang CC=clang compile
	$(Q)$(MAKE) --no-print-directory -j$(JOBS) compile
	$(Q)$(MAKE) --no-print-directory check

compile: $(BUILD)/rightsize $(UNITS) $(FUZZERS) $(FLEET) $(BENCHES) ## build program and tests, run nothing

check: compile ## the tests with the compiler at hand, WRAP='valgrind ...' runs them wrapped
	$(Q)BUILD=$(BUILD) WRAP="$(WRAP)" sh tests/run.sh $(UNITS) $(SCRIPTS)

fuzz: ## each parser under libFuzzer for TIME seconds (60)
	$(Q)BUILD=build-fuzz TIME=$(or $(TIME),60) sh tests/tools/fuzz.sh

unit: $(UNITS) ## unit tests only
	$(Q)BUILD=$(BUILD) WRAP="$(WRAP)" sh tests/run.sh $(UNITS)

asan: ## check under AddressSanitizer and UBSan
	$(Q)$(MAKE) --no-print-directory -j$(JOBS) check BUILD=build-asan HARDEN= LTO= \
	  CFLAGS='-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all'

valgrind: ## unit tests and the main job under valgrind
	$(Q)$(MAKE) --no-print-directory compile
	$(Q)BUILD=$(BUILD) sh tests/tools/valgrind.sh $(UNITS)

coverage: ## line coverage of src/, needs gcovr
	$(Q)$(MAKE) --no-print-directory check BUILD=build-cov HARDEN= LTO= CFLAGS='-O0 -g --coverage'
	gcovr -r . -f src/ --branches build-cov

lint: lint-fast ## the ladder, headers, banned calls, cppcheck
	cppcheck -q --std=c11 --enable=warning,performance,portability --error-exitcode=1 \
	  --inline-suppr -Iinclude -Isrc src

lint-fast:
	$(Q)sh tests/check_layers.sh
	$(Q)sh tests/check_headers.sh

format-check: ## clang-format agrees
	$(Q)clang-format --dry-run -Werror $$(git ls-files '*.c' '*.h')

format:
	$(Q)clang-format -i $$(git ls-files '*.c' '*.h')

bench: compile ## speed and memory beside the peers installed, one table (BENCH=quick: small)
	$(Q)if [ "$(BENCH_PEERS)" = install ]; then sh tests/bench/peers.sh $(or $(BENCH_DIR),$(BUILD)/bench); fi
	$(Q)python3 -B tests/bench/run.py $(if $(filter quick,$(BENCH)),--quick) $(if $(ONLY),--only $(ONLY)) $(BUILD)
	$(Q)if [ -z "$(ONLY)" ]; then BUILD=$(BUILD) SECONDS_=$(if $(filter quick,$(BENCH)),20,120) sh tests/bench/collector.sh; fi

bench-peers: ## install what `make bench` measures beside: DuckDB, pandas, sqlite3, jq, sysstat
	$(Q)sh tests/bench/peers.sh $(or $(BENCH_DIR),$(BUILD)/bench)

bench-guard: $(BUILD)/rightsize $(FLEET) ## count instructions of six operations (GUARD=write: anew)
	$(Q)BUILD=$(BUILD) CC=$(CC) CFLAGS='$(strip $(CFLAGS) $(LTO))' GUARD=$(GUARD) sh tests/bench/guard.sh

$(BUILD)/bench_%: tests/bench/%.c $(BUILD)/librightsize.a
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(WARN) $(CFLAGS) $(NO_LTO) $(LDFLAGS) -pthread -o $@ $(filter %.c %.a,$^) $(LDLIBS)

quality: compile ## score the advice on real machines, where harness and traces are (RSBENCH=folder)
	$(Q)BUILD=$(BUILD) sh tests/quality/run.sh

golden: compile ## rewrite tests/golden from the program; read the diff
	$(Q)BUILD=$(BUILD) GOLDEN=write sh tests/run.sh $(SCRIPTS)

install: all ## into DESTDIR and PREFIX
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 \
	  $(DESTDIR)$(PREFIX)/share/rightsize/schema
	install -m 755 $(BUILD)/rightsize $(DESTDIR)$(PREFIX)/bin/rightsize
	install -m 644 src/man/rightsize.1 $(DESTDIR)$(PREFIX)/share/man/man1/rightsize.1
	install -m 644 schema/*.json $(DESTDIR)$(PREFIX)/share/rightsize/schema/
	cd catalog && find . -name '*.json' -exec install -D -m 644 {} \
	  $(abspath $(DESTDIR)$(PREFIX)/share/rightsize/catalog)/{} \;
	install -d $(DESTDIR)$(PREFIX)/share/rightsize/cron $(DESTDIR)$(PREFIX)/share/rightsize/systemd
	for f in cron/rightsize systemd/rightsize-sample.service systemd/rightsize-collect.service \
	  systemd/rightsize-collect.timer; do \
	  sed 's#/usr/local/#$(PREFIX)/#g' samples/$$f > $(DESTDIR)$(PREFIX)/share/rightsize/$$f && \
	  chmod 644 $(DESTDIR)$(PREFIX)/share/rightsize/$$f || exit 1; done
	install -m 755 samples/nightly.sh $(DESTDIR)$(PREFIX)/share/rightsize/nightly.sh

uninstall:
	rm -rf $(DESTDIR)$(PREFIX)/bin/rightsize $(DESTDIR)$(PREFIX)/share/rightsize \
	  $(DESTDIR)$(PREFIX)/share/man/man1/rightsize.1

clean:
	rm -rf build build-*

help:
	@sed -n 's/^\([a-z][a-z%-]*\):.*## /\1	/p' Makefile | sort

.PHONY: all demo test compile check unit fuzz asan valgrind coverage lint lint-fast format-check format \
        bench bench-peers bench-guard quality golden install uninstall clean help
.SECONDARY:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
