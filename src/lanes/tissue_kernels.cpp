// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "lanes/tissue_kernels.hpp"

namespace abscopal::lanes {

namespace scalar {
extern const TissueKernels tissue_table;
}
namespace avx2 {
extern const TissueKernels tissue_table;
}
namespace avx512 {
extern const TissueKernels tissue_table;
}
namespace neon {
extern const TissueKernels tissue_table;
}

const TissueKernels& tissue_kernels(Target target) {
    switch (target) {
        case Target::avx2:
            return avx2::tissue_table;
        case Target::avx512:
            return avx512::tissue_table;
        case Target::neon:
            return neon::tissue_table;
        case Target::scalar:
            break;
    }
    return scalar::tissue_table;
}

}  // namespace abscopal::lanes
