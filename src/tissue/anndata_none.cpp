// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "tissue/columns.hpp"

namespace abscopal::tissue {

void write_anndata(const Project&, const State&, const std::string& path) {
    throw InputError({"no-hdf5", "this program was built without HDF5 and cannot write AnnData", {path}, {}});
}

}  // namespace abscopal::tissue
