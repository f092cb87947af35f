// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#define ABSCOPAL_LANES_TARGET neon
#include "lanes/kernels_body.hpp"
