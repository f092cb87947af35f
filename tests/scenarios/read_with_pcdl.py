# SPDX-License-Identifier: Apache-2.0
"""Opens one of our outputs with the field's loader and prints what it finds: time, cells, substrates, first mean."""
import sys

import pcdl

step = pcdl.TimeStep(sys.argv[1], verbose=False)
cells = step.get_cell_df()
fields = step.get_conc_df()
print(step.get_time(), len(cells), len(step.get_substrate_list()), round(float(fields[sys.argv[2]].mean()), 6))
