#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Kills runs with `kill -9` at N random moments (default 100), resumes each, and compares the ends with an undisturbed run.
set -euo pipefail
cd "$(dirname "$0")/.."
export ABSCOPAL_KILLS="${1:-100}" ABSCOPAL_SOURCE="$PWD" ABSCOPAL_CLI="$PWD/build/release/abscopal"
exec build/release/tests/test_invariance --gtest_filter='Kill.*'
