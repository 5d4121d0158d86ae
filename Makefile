# libsystrap. `make help` lists the targets; Linux x86-64 with Go is all that
# building needs.

GO      ?= go
BUILD   := build
TOOLS   := $(BUILD)/trace-syscalls.so $(BUILD)/trace-sysfoot.so
# Drop-ins for libraries with hooks in C, and what is built with them.
DROPINS := $(BUILD)/libsyscall_intercept.so.0 $(BUILD)/libsyscall_intercept.so $(BUILD)/libsyscall_intercept.pc \
	$(BUILD)/include/libsyscall_intercept_hook_point.h $(BUILD)/man/libsyscall_intercept.3 \
	$(BUILD)/libzpoline.so $(BUILD)/man/libzpoline.7 $(BUILD)/libsystrap.so $(BUILD)/include/systrap.h $(BUILD)/man/libsystrap.7 \
	$(BUILD)/hook-libc.so $(BUILD)/include/e9syscall.h $(BUILD)/man/hook-libc.7
# The compiler whose stack depths and registers cmd/*/golden.txt records.
GOLDEN_GO := go1.26.8
# What runs whole programs and does not look for ud2 itself.
WHOLE := TestFixtures|TestCoreutils|TestShells|TestDevelopment|TestPython|TestNode|TestJava|TestRedis|TestSshd|TestRuntimes
TESTRUN := $(GO) run ./internal/testrun
GOFILES := $(shell find . -name '*.go' -o -name '*.s' -o -name '*.h' | grep -v '^./$(BUILD)/')

.PHONY: all run test test-deps lint unit e2e traps doors rewritten static runtimes suites soak jump-stress attach-soak conformance whole-text bench bench-servers nightly environments golden golden-check generate scan-all fuzz clean help

all: $(BUILD)/systrap $(TOOLS) $(TOOLS:=-gdb.py) $(DROPINS) ## build build/systrap, build/trace-syscalls.so, build/trace-sysfoot.so, build/libsyscall_intercept.so, build/libzpoline.so, build/libsystrap.so, build/hook-libc.so

$(BUILD)/systrap: $(GOFILES) $(BUILD)/library/overlay.json $(shell find cmd/systrap/skeleton cmd/systrap/page -type f) go.mod
	CGO_ENABLED=0 $(GO) build -overlay $(BUILD)/library/overlay.json -ldflags='-E main.start' -o $@ ./cmd/systrap
	@ln -sf systrap $(BUILD)/strace

# The library's sources, for systrap new.
$(BUILD)/library/overlay.json: $(GOFILES) go.mod
	$(GO) run ./internal/library/pack $(BUILD)/library

$(BUILD)/%.so: $(BUILD)/systrap $(GOFILES)
	$(BUILD)/systrap build -o $@ ./cmd/$*

$(BUILD)/libsyscall_intercept.so.0: $(BUILD)/systrap $(GOFILES)
	$(BUILD)/systrap build -o $@ ./cmd/libsyscall_intercept

$(BUILD)/libsyscall_intercept.so: $(BUILD)/libsyscall_intercept.so.0
	ln -sf $(<F) $@

$(BUILD)/include/%.h: cmd/libsyscall_intercept/%.h
	@mkdir -p $(@D)
	cp $< $@

$(BUILD)/include/%.h: cmd/libsystrap/%.h
	@mkdir -p $(@D)
	cp $< $@

$(BUILD)/man/%.3: cmd/libsyscall_intercept/%.3
	@mkdir -p $(@D)
	cp $< $@

$(BUILD)/man/%.7: cmd/libzpoline/%.7
	@mkdir -p $(@D)
	cp $< $@

$(BUILD)/man/%.7: cmd/libsystrap/%.7
	@mkdir -p $(@D)
	cp $< $@

$(BUILD)/include/%.h: cmd/hook-libc/%.h
	@mkdir -p $(@D)
	cp $< $@

$(BUILD)/man/%.7: cmd/hook-libc/%.7
	@mkdir -p $(@D)
	cp $< $@

# For pkg-config, with this folder (PKG_CONFIG_PATH=build).
$(BUILD)/%.pc: cmd/libsyscall_intercept/%.pc.in
	sed 's,@DIR@,$(CURDIR)/$(BUILD),' $< > $@

# gdb loads it for the library beside it (auto-load).
$(BUILD)/%.so-gdb.py: debug/gdb.py
	@mkdir -p $(BUILD)
	cp $< $@

run: all ## build, then trace `ls -l`
	LD_PRELOAD=$(BUILD)/trace-syscalls.so ls -l

test: test-deps lint unit golden-check e2e ## install what tests need (Debian packages), then run everything; says what was skipped and why
	@$(TESTRUN) -summary $(BUILD)/tests/unit.json $(BUILD)/tests/e2e.json

test-deps: ## install the Debian packages that tests use
	@./e2e/install-packages

lint: ## gofmt, vet, generated files up to date
	@test -z "$$(gofmt -l .)" || { gofmt -l . | sed 's/^/gofmt would change: /'; exit 1; }
	$(GO) vet ./...
	@./.ci/generated

unit: ## all tests but those of whole programs
	@$(TESTRUN) -o $(BUILD)/tests/unit.json -- -timeout 60m $$($(GO) list ./... | grep -v /e2e)

e2e: all ## whole programs, native and trapped
	@$(TESTRUN) -o $(BUILD)/tests/e2e.json -- -count=1 -timeout 80m ./e2e/...

runtimes: all ## runtimes with compilers of their own, native and trapped (installs 2 GB of Debian packages)
	@./e2e/install-packages
	@./e2e/install-packages e2e/packages-runtimes.txt
	E2E_RUNTIMES=1 $(GO) test -v -count=1 -timeout 12h -parallel 1 -run 'Runtimes' ./e2e

traps: all ## fixtures and programs with each other trap in the calls' places (SYSTRAP_TRAP)
	for t in int3 hlt; do E2E_TRAP=$$t $(GO) test -count=1 -timeout 12h -run '$(WHOLE)' ./e2e || exit 1; done

doors: all ## fixtures and programs with their calls by the jump door, and by the trap alone (SYSTRAP_DOOR)
	for d in jump trap; do E2E_DOOR=$$d $(GO) test -count=1 -timeout 12h -run '$(WHOLE)' ./e2e || exit 1; done

rewritten: all ## fixtures once more, linked statically and rewritten, and with a rewritten C library (systrap rewrite)
	E2E_REWRITTEN=1 $(GO) test -count=1 -timeout 12h -run 'TestRewritten' ./e2e

static: all ## fixtures linked statically, static-pie and with musl, and Go's programs without cgo, each injected
	E2E_STATIC=1 $(GO) test -count=1 -timeout 12h -run 'TestInjected(Static|Musl|Go)$$' ./e2e

suites: all ## CPython's, perl's, redis', nginx' and stress-ng's own tests, native and trapped (an hour; SUITES="redis python/test_os")
	@./e2e/install-packages e2e/suites/packages.txt
	$(GO) run ./e2e/suites $(SUITES)

soak: all ## ten minutes of mixed load, its trace read line by line (SOAK="-for 1h")
	@./e2e/install-packages
	$(GO) run ./e2e/soak $(SOAK)

jump-stress: all ## ten minutes of checked calls under fast timers: native, trap and jump (STRESS="-for 1h")
	@./e2e/install-packages
	$(GO) run ./e2e/jumpstress $(STRESS)

attach-soak: all ## 200 times attach to and detach from redis, Go's and a JVM's servers under load, and waiting threads (ATTACH="-rounds 50 -only redis")
	@./e2e/install-packages
	@$(GO) run ./e2e/attachsoak $(ATTACH)

conformance: all ## strace's own test suite; needs STRACE_SRC=, STRACE_BUILD= and STRACE_SUITE= (says what they are)
	$(GO) run ./internal/conformance -src "$(STRACE_SRC)" -build "$(STRACE_BUILD)" -runner "$(STRACE_SUITE)" \
		-tracer $(CURDIR)/$(BUILD)/strace -logs $(BUILD)/conformance -o tracetool/CONFORMANCE.md

whole-text: all ## the whole texts of 26 programs, from first line to last, against strace's (WHOLE_TEXT="-v ls")
	@./e2e/install-packages
	$(GO) run ./e2e/wholetext $(WHOLE_TEXT)

bench: all ## ratios against native and against strace, in one run
	$(GO) test -run '^$$' -bench . ./instr ./bench/...

bench-servers: all ## throughput of nginx, node, redis and PostgreSQL, natively / traced (SERVERS="-only redis -for 10s")
	@./e2e/install-packages bench/servers/packages.txt
	@$(GO) run ./bench/servers $(SERVERS)

nightly: ## everything, each part in a box of time, in 80 minutes; writes docs/QUALITY.md (NIGHTLY="-only unit,e2e")
	$(GO) run ./internal/nightly $(NIGHTLY)

environments: all ## fixtures in masked and narrow environments; writes docs/ENVIRONMENTS.md
	$(GO) run ./e2e/environments -o docs/ENVIRONMENTS.md

golden-check: all ## stack depths and registers of the tools are the recorded ones
	@if [ "$$($(GO) env GOVERSION)" = $(GOLDEN_GO) ]; then \
		for t in $(TOOLS:$(BUILD)/%.so=%); do $(BUILD)/systrap verify -golden cmd/$$t/golden.txt $(BUILD)/$$t.so >/dev/null || exit 1; done; \
	else echo "golden-check: SKIP: recorded with $(GOLDEN_GO), this is $$($(GO) env GOVERSION)"; fi

golden: $(BUILD)/systrap ## record stack depth and registers of the tools anew
	for t in trace-syscalls trace-sysfoot; do $(BUILD)/systrap build -golden cmd/$$t/golden.txt -update -o $(BUILD)/$$t.so ./cmd/$$t; done

generate: ## regenerate every z*.go
	$(GO) generate ./...

scan-all: ## instruction boundaries of every ELF file under /usr against objdump; installs chromium, qemu, ffmpeg… (half an hour)
	@./e2e/install-packages instr/testdata/packages.txt
	INSTR_FULL=1 nice $(GO) test -count=1 -v -timeout 12h ./instr

fuzz: ## fuzz the decoder, the ELF reader and the unwinder, a minute each
	$(GO) test -run '^$$' -fuzz FuzzDecode -fuzztime 60s ./instr
	$(GO) test -run '^$$' -fuzz FuzzImage -fuzztime 60s -fuzzminimizetime 5x ./instr
	$(GO) test -run '^$$' -fuzz FuzzFrame -fuzztime 60s ./systrap/unwind

clean: ## remove build/
	rm -rf $(BUILD)

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
