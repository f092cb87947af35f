# SPDX-License-Identifier: Apache-2.0
"""Opens what a run wrote with the libraries of others and prints cells, substrates, minutes and sums.

Usage: read_outputs.py anndata|vtk|zarr|studio FOLDER"""
import sys

kind, folder = sys.argv[1:]
if kind == "anndata":
    import anndata

    data = anndata.read_h5ad(folder + "/cells_00000001.h5ad")
    assert list(data.obs.columns) == ["cell_type", "death"]
    assert data.obsm["spatial"].shape == (data.n_obs, 3)
    print(data.n_obs, float(data.uns["minute"]), round(float(data[:, "volume"].X.sum()), 6))
elif kind == "vtk":
    import vtk

    cells = vtk.vtkXMLPolyDataReader()
    cells.SetFileName(folder + "/cells_00000001.vtp")
    cells.Update()
    fields = vtk.vtkXMLImageDataReader()
    fields.SetFileName(folder + "/fields_00000001.vti")
    fields.Update()
    volume = cells.GetOutput().GetPointData().GetArray("volume")
    print(
        cells.GetOutput().GetNumberOfPoints(),
        fields.GetOutput().GetCellData().GetNumberOfArrays(),
        round(sum(volume.GetValue(k) for k in range(volume.GetNumberOfTuples())), 6),
    )
elif kind == "zarr":
    import zarr

    group = zarr.open_group(folder + "/fields.ome.zarr", mode="r")
    array = group["0"]
    axes = [axis["name"] for axis in group.attrs["multiscales"][0]["axes"]]
    print(array.shape[0], array.shape[1], "".join(axes), round(float(array[1, 0].mean()), 6))
elif kind == "studio":
    # PhysiCell Studio reads the labels of the XML and takes rows of the matrices that scipy loads.
    import xml.etree.ElementTree

    import scipy.io

    root = xml.etree.ElementTree.parse(folder + "/output00000001.xml").getroot()
    data = root.find("cellular_information/cell_populations/cell_population/custom/simplified_data")
    labels = {label.text: int(label.attrib["index"]) for label in data.find("labels")}
    cells = scipy.io.loadmat(folder + "/" + data.find("filename").text)["cells"]
    fields = scipy.io.loadmat(folder + "/output00000001_microenvironment0.mat")["multiscale_microenvironment"]
    types = [int(one.attrib["ID"]) for one in data.find("cell_types")]
    assert set(cells[labels["cell_type"]].astype(int)) <= set(types)
    print(
        cells.shape[1],
        float(root.find("metadata/current_time").text),
        round(float(cells[labels["total_volume"]].sum()), 6),
        fields.shape[0] - 4,
    )
