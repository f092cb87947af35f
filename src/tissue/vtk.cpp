// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <bit>
#include <cstring>

#include "base/text.hpp"
#include "tissue/columns.hpp"

/// VTK XML files with raw appended data: a head of text that says where each array begins, then the arrays,
/// each with its length in bytes before it.
namespace abscopal::tissue {
namespace {

static_assert(std::endian::native == std::endian::little, "files say LittleEndian");

std::string escaped(const std::string& text) {
    std::string safe;
    for (const char c : text)
        safe += c == '<' ? "&lt;" : c == '&' ? "&amp;" : c == '"' ? "&quot;" : std::string(1, c);
    return safe;
}

/// The arrays of a file: elements of text for the head, bytes for the end.
class Arrays {
  public:
    template <class T>
    std::string add(const std::string& name, const char* type, int components, const std::vector<T>& values) {
        const std::string element = "<DataArray type=\"" + std::string(type) + "\" Name=\"" + escaped(name) +
                                    "\" NumberOfComponents=\"" + std::to_string(components) +
                                    "\" format=\"appended\" offset=\"" + std::to_string(bytes_.size()) +
                                    "\"/>\n";
        const std::uint64_t size = values.size() * sizeof(T);
        put(&size, sizeof size);
        if (size > 0) put(values.data(), size);
        return element;
    }
    std::string file(const char* type, const std::string& inside) const {
        return "<?xml version=\"1.0\"?>\n<VTKFile type=\"" + std::string(type) +
               "\" version=\"1.0\" byte_order=\"LittleEndian\" header_type=\"UInt64\">\n" + inside +
               "<AppendedData encoding=\"raw\">\n_" + bytes_ + "\n</AppendedData>\n</VTKFile>\n";
    }

  private:
    void put(const void* from, std::size_t size) { bytes_.append(static_cast<const char*>(from), size); }
    std::string bytes_;
};

std::string three(const std::array<double, 3>& v) {
    return to_text(v[0]) + ' ' + to_text(v[1]) + ' ' + to_text(v[2]);
}

}  // namespace

std::string cells_vtp(const Project& project, const State& state) {
    const CellTable table = cell_table(project, state);
    const auto n = static_cast<std::int64_t>(table.id.size());
    Arrays arrays;
    std::string data = arrays.add("id", "UInt64", 1, table.id) + arrays.add("type", "UInt16", 1, table.type) +
                       arrays.add("death", "UInt8", 1, table.death);
    for (const auto& column : table.columns) data += arrays.add(column.name, "Float64", 1, column.values);
    std::vector<std::int64_t> vertices, ends;
    for (std::int64_t k = 0; k < n; ++k) vertices.push_back(k), ends.push_back(k + 1);
    const std::string points = arrays.add("place", "Float64", 3, table.place),
                      connectivity = arrays.add("connectivity", "Int64", 1, vertices),
                      offsets = arrays.add("offsets", "Int64", 1, ends);
    return arrays.file("PolyData", "<PolyData>\n<Piece NumberOfPoints=\"" + std::to_string(n) +
                                       "\" NumberOfVerts=\"" + std::to_string(n) +
                                       "\" NumberOfLines=\"0\" NumberOfStrips=\"0\" NumberOfPolys=\"0\">\n" +
                                       "<PointData>\n" + data + "</PointData>\n<Points>\n" + points +
                                       "</Points>\n<Verts>\n" + connectivity + offsets +
                                       "</Verts>\n</Piece>\n</PolyData>\n");
}

std::string fields_vti(const Project& project, const State& state) {
    const Grid& grid = project.grid;
    const auto& n = grid.voxels;
    const std::string extent =
        "0 " + std::to_string(n[0]) + " 0 " + std::to_string(n[1]) + " 0 " + std::to_string(n[2]);
    Arrays arrays;
    std::string data;
    for (std::size_t k = 0; k < state.fields.size(); ++k)
        data += arrays.add(project.substrates[k].name, "Float64", 1, state.fields[k]);
    return arrays.file("ImageData", "<ImageData WholeExtent=\"" + extent + "\" Origin=\"" + three(grid.low) +
                                        "\" Spacing=\"" +
                                        three({grid.spacing, grid.spacing, grid.thickness}) +
                                        "\">\n<Piece Extent=\"" + extent + "\">\n<CellData>\n" + data +
                                        "</CellData>\n</Piece>\n</ImageData>\n");
}

std::string vtk_collection(const std::vector<std::pair<double, std::string>>& files) {
    std::string text =
        "<?xml version=\"1.0\"?>\n<VTKFile type=\"Collection\" version=\"0.1\">\n<Collection>\n";
    for (const auto& [minute, name] : files)
        text += "<DataSet timestep=\"" + to_text(minute) + "\" part=\"0\" file=\"" + escaped(name) + "\"/>\n";
    return text + "</Collection>\n</VTKFile>\n";
}

}  // namespace abscopal::tissue
