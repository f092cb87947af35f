// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "lanes/kernels.hpp"

namespace abscopal::lanes {

namespace scalar {
extern const Kernels table;
}
namespace avx2 {
extern const Kernels table;
}
namespace avx512 {
extern const Kernels table;
}
namespace neon {
extern const Kernels table;
}

const Kernels& kernels(Target target) {
    switch (target) {
        case Target::avx2:
            return avx2::table;
        case Target::avx512:
            return avx512::table;
        case Target::neon:
            return neon::table;
        case Target::scalar:
            break;
    }
    return scalar::table;
}

}  // namespace abscopal::lanes
