// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <nvector/nvector_serial.h>

#include <new>

/// What both methods of SUNDIALS need.
namespace abscopal::sundials {

template <class T>
T* require(T* pointer) {
    if (!pointer) throw std::bad_alloc();
    return pointer;
}

inline double* data(N_Vector vector) {
    return NV_DATA_S(vector);
}

inline void stay_silent(int, const char*, const char*, char*, void*) {}

}  // namespace abscopal::sundials
