// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <hdf5.h>

#include "tissue/columns.hpp"

/// Cells as AnnData: groups and attributes as anndata's file format 0.1.0 names them.
namespace abscopal::tissue {
namespace {

/// An HDF5 handle that closes itself.
class Handle {
  public:
    Handle(hid_t id, herr_t (*close)(hid_t), const std::string& what) : id_(id), close_(close) {
        if (id < 0) throw FileError("cannot write the AnnData file: " + what);
    }
    ~Handle() { close_(id_); }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    operator hid_t() const { return id_; }

  private:
    hid_t id_;
    herr_t (*close_)(hid_t);
};

void check(herr_t status, const std::string& what) {
    if (status < 0) throw FileError("cannot write the AnnData file: " + what);
}

/// Text of any length, UTF-8.
class TextType {
  public:
    TextType() : type_(H5Tcopy(H5T_C_S1), H5Tclose, "text type") {
        H5Tset_size(type_, H5T_VARIABLE);
        H5Tset_cset(type_, H5T_CSET_UTF8);
    }
    operator hid_t() const { return type_; }

  private:
    Handle type_;
};

std::vector<const char*> pointers(const std::vector<std::string>& texts) {
    std::vector<const char*> all;
    for (const auto& text : texts) all.push_back(text.c_str());
    return all;
}

void put_attribute(hid_t on, const char* name, hid_t type, hid_t space, const void* value) {
    const Handle attribute(H5Acreate2(on, name, type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose, name);
    if (value) check(H5Awrite(attribute, type, value), name);  // null: there is nothing in it
}

void put_text(hid_t on, const char* name, const std::string& text) {
    const TextType type;
    const Handle space(H5Screate(H5S_SCALAR), H5Sclose, name);
    const char* value = text.c_str();
    put_attribute(on, name, type, space, &value);
}

void put_texts(hid_t on, const char* name, const std::vector<std::string>& texts) {
    const TextType type;
    const hsize_t size = texts.size();
    const Handle space(H5Screate_simple(1, &size, nullptr), H5Sclose, name);
    const auto values = pointers(texts);
    put_attribute(on, name, type, space, values.data());
}

void put_kind(hid_t on, const std::string& type, const std::string& version) {
    put_text(on, "encoding-type", type);
    put_text(on, "encoding-version", version);
}

Handle make_group(hid_t in, const char* name, const std::string& type, const std::string& version) {
    const hid_t id = H5Gcreate2(in, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    if (id >= 0) put_kind(id, type, version);
    return {id, H5Gclose, name};
}

void put_array(hid_t in, const std::string& name, hid_t type, std::vector<hsize_t> shape, const void* values,
               const std::string& kind = "array") {
    const Handle space(H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr), H5Sclose,
                       name);
    const Handle set(H5Dcreate2(in, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                     H5Dclose, name);
    if (shape[0] > 0) check(H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), name);
    put_kind(set, kind, "0.2.0");
}

void put_text_array(hid_t in, const std::string& name, const std::vector<std::string>& texts) {
    const TextType type;
    put_array(in, name, type, {texts.size()}, pointers(texts).data(), "string-array");
}

/// A column of few different words: a code for each row, and the words.
void put_categories(hid_t in, const char* name, const std::vector<std::int16_t>& codes,
                    const std::vector<std::string>& words) {
    const Handle group = make_group(in, name, "categorical", "0.2.0");
    put_array(group, "codes", H5T_NATIVE_INT16, {codes.size()}, codes.data());
    put_text_array(group, "categories", words);
    const Handle space(H5Screate(H5S_SCALAR), H5Sclose, "ordered");
    const Handle boolean(H5Tenum_create(H5T_NATIVE_INT8), H5Tclose, "boolean");
    const std::int8_t no = 0, yes = 1;
    check(H5Tenum_insert(boolean, "FALSE", &no), "boolean");
    check(H5Tenum_insert(boolean, "TRUE", &yes), "boolean");
    put_attribute(group, "ordered", boolean, space, &no);
}

void put_cells(hid_t file, const Project& project, const CellTable& table) {
    const Handle obs = make_group(file, "obs", "dataframe", "0.2.0");
    put_text(obs, "_index", "cell");
    put_texts(obs, "column-order", {"cell_type", "death"});
    std::vector<std::string> names, types;
    std::vector<std::int16_t> type_codes, death_codes;
    for (std::size_t k = 0; k < table.id.size(); ++k) {
        names.push_back(std::to_string(table.id[k]));
        type_codes.push_back(static_cast<std::int16_t>(table.type[k]));
        death_codes.push_back(static_cast<std::int16_t>(table.death[k]));
    }
    for (const auto& type : project.types) types.push_back(type.name);
    put_text_array(obs, "cell", names);
    put_categories(obs, "cell_type", type_codes, types);
    put_categories(obs, "death", death_codes, {"alive", "apoptotic", "necrotic", "other"});
}

/// The numbers, one row a cell, and their names.
void put_numbers(hid_t file, const CellTable& table) {
    const std::size_t rows = table.id.size(), columns = table.columns.size();
    std::vector<double> x(rows * columns);
    std::vector<std::string> names;
    for (std::size_t c = 0; c < columns; ++c) {
        names.push_back(table.columns[c].name);
        for (std::size_t r = 0; r < rows; ++r) x[r * columns + c] = table.columns[c].values[r];
    }
    put_array(file, "X", H5T_NATIVE_DOUBLE, {rows, columns}, x.data());
    const Handle var = make_group(file, "var", "dataframe", "0.2.0");
    put_text(var, "_index", "name");
    const hsize_t zero = 0;
    const Handle empty(H5Screate_simple(1, &zero, nullptr), H5Sclose, "column-order");
    put_attribute(var, "column-order", H5T_NATIVE_DOUBLE, empty, nullptr);
    put_text_array(var, "name", names);
}

}  // namespace

void write_anndata(const Project& project, const State& state, const std::string& path) {
    const CellTable table = cell_table(project, state);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);  // faults are ours to tell
    const Handle file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), H5Fclose, path);
    put_kind(file, "anndata", "0.1.0");
    put_numbers(file, table);
    put_cells(file, project, table);
    for (const char* name : {"layers", "obsp", "varm", "varp"}) make_group(file, name, "dict", "0.1.0");
    const Handle obsm = make_group(file, "obsm", "dict", "0.1.0");
    put_array(obsm, "spatial", H5T_NATIVE_DOUBLE, {table.place.size(), 3}, table.place.data());
    const Handle uns = make_group(file, "uns", "dict", "0.1.0");
    const Handle space(H5Screate(H5S_SCALAR), H5Sclose, "minute");
    const Handle minute(
        H5Dcreate2(uns, "minute", H5T_NATIVE_DOUBLE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Dclose,
        "minute");
    const double now = minute_of(project, state);
    check(H5Dwrite(minute, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, &now), "minute");
    put_kind(minute, "numeric-scalar", "0.2.0");
}

}  // namespace abscopal::tissue
