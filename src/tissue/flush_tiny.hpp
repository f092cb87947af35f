// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <concepts>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace abscopal::tissue {

/// While it lives, this thread takes singles nearer to 0 than 1.2e-38 for 0: fields run out into such numbers
/// far from any source, and processors are slow with them. Does nothing for doubles.
template <std::floating_point Real>
class FlushTiny {
  public:
#if defined(__x86_64__)
    FlushTiny() : before_(_mm_getcsr()) {
        if constexpr (sizeof(Real) == sizeof(float)) _mm_setcsr(before_ | flush_results | take_for_zero);
    }
    ~FlushTiny() {
        _mm_setcsr(before_);
    }

  private:
    static constexpr unsigned flush_results = 0x8000, take_for_zero = 0x0040;
    unsigned before_;

  public:
#else
    FlushTiny() {}
    ~FlushTiny() {}
#endif
    FlushTiny(const FlushTiny&) = delete;
    FlushTiny& operator=(const FlushTiny&) = delete;
};

}  // namespace abscopal::tissue
