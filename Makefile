# Two commands do everything on a fresh Debian 12: `make demo` and `make test`.
BUILD := build/release
JOBS ?= $(shell nproc)

.PHONY: demo test build deps clean
demo: build
	$(BUILD)/abscopal run examples/tnbc_first_light.toml --out out/demo --overwrite
	@echo "Report: $(CURDIR)/out/demo/report.html"

test: build
	ctest --preset release -j $(JOBS)

build: deps
	cmake --preset release >/dev/null
	cmake --build --preset release -j $(JOBS)

deps:
	@tools/install_packages.sh

clean:
	rm -rf build out
