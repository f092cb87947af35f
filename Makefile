# Two commands do everything on a fresh Debian 12: `make demo` and `make test`.
BUILD := build/release
JOBS ?= $(shell nproc)

.PHONY: demo test build deps deps-test clean
demo: build
	$(BUILD)/abscopal run examples/melanoma_checkpoint.toml --out out/demo --overwrite
	@echo "Report: $(CURDIR)/out/demo/report.html"

test: deps-test build
	ctest --preset release -j $(JOBS)

build: deps
	cmake --preset release >/dev/null
	cmake --build --preset release -j $(JOBS)

deps:
	@tools/install_packages.sh packages.txt

deps-test:
	@tools/install_packages.sh packages.txt packages_test.txt

clean:
	rm -rf build out
