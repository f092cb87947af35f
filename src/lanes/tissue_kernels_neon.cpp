// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#define ABSCOPAL_LANES_TARGET neon
#include "lanes/tissue_kernels_body.hpp"
