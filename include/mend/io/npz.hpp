// SPDX-License-Identifier: MIT
/// NumPy's npz archives: named arrays, read and written, and datasets in them.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/core/error.hpp>
#include <mend/core/text.hpp>
#include <mend/data/dataset.hpp>
#include <mend/data/samples.hpp>
#include <mend/io/labels.hpp>
#include <mend/io/npy.hpp>
#include <mend/io/text_file.hpp>
#include <mend/io/zip.hpp>
#include <mend/io/zip_builder.hpp>
#include <mend/tensor/tensor.hpp>

namespace mend {

/// An array of an npz file, as floats whatever its type in the file.
struct named_array {
    std::string name; ///< without ".npy"
    tensor<float> values;

    friend bool operator==(const named_array&, const named_array&) = default;
};

/// All arrays, in the file's order. Throws file_error, data_error (which names the array).
[[nodiscard]] inline std::vector<named_array> read_npz(const std::string& path) {
    detail::zip_archive archive(path);
    std::vector<named_array> arrays;
    for (const detail::zip_entry& entry : archive.entries()) {
        std::string name = entry.name;
        if (name.ends_with(".npy")) {
            name.resize(name.size() - 4);
            arrays.push_back({std::move(name), detail::npy_reader(archive, entry).read_all()});
        }
    }
    return arrays;
}

/// Writes arrays as 32-bit floats, uncompressed, the file as a whole or not at all. Throws
/// file_error, also where they take over 4 GB.
inline void write_npz(const std::string& path, const std::vector<named_array>& arrays) {
    detail::zip_builder archive;
    for (const named_array& array : arrays) {
        const shape& extents = array.values.extents();
        std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (";
        for (int axis = 0; axis < extents.rank(); ++axis) {
            header += std::to_string(extents[axis]) + (axis + 1 < extents.rank() ? ", " : "");
        }
        header += extents.rank() == 1 ? ",), }" : "), }";
        // Data begins at a multiple of 64 bytes, the header ends with a line feed.
        header.append(63 - (10 + header.size()) % 64, ' ');
        header += '\n';
        std::string content("\x93NUMPY\x01\x00", 8);
        content += static_cast<char>(header.size() & 0xFFU);
        content += static_cast<char>(header.size() >> 8U);
        content += header;
        const auto bytes = static_cast<std::size_t>(array.values.size()) * sizeof(float);
        if (!archive.fits(content.size() + bytes)) {
            throw file_error(path, "would be larger than 4 GB");
        }
        content.append(reinterpret_cast<const char*>(array.values.data()), bytes);
        archive.add(array.name + ".npy", content);
    }
    write_text_file(path, std::move(archive).finish());
}

/// Settings of read_npz_dataset.
struct npz_options {
    target_kind target = target_kind::automatic;
    index limit = 0; ///< keep the first so many rows of each part only; 0: all
};

namespace detail {

/// The first rows of a tensor.
inline tensor<float> first_rows(const tensor<float>& all, index rows) {
    shape extents = all.extents();
    extents[0] = std::min(rows, extents[0]);
    tensor<float> first;
    first.resize(extents);
    std::copy_n(all.data(), first.size(), first.data());
    return first;
}

/// The numbers that sparse rows stand for.
inline void scatter(const sparse_rows& from, tensor<float>& into) {
    for (index row = 0; row < from.rows(); ++row) {
        const auto columns = from.row_columns(row);
        const auto values = from.row_values(row);
        for (std::size_t i = 0; i < columns.size(); ++i) {
            into.row(row)[static_cast<std::size_t>(columns[i])] = values[i];
        }
    }
}

/// Reads the first rows of features. Tables of at least 256 columns stay sparse while no more than
/// a tenth of all their numbers are non-zero, so that bags of words never unfold in memory.
inline void read_features(npy_reader& from, index rows, samples& table) {
    constexpr index least_columns = 256;
    constexpr index most_share = 10; // one in so many
    const shape& extents = from.extents();
    const bool flat = extents.rank() == 1;
    table.sample = flat ? shape{1} : extents.row();
    const shape wanted = table.sample.batch(rows);
    if (from.header().fortran) {
        table.dense = first_rows(from.read_all(), rows);
        return;
    }
    const index width = table.sample.size();
    if (extents.rank() != 2 || width < least_columns) {
        table.dense.resize(wanted);
        from.read(table.dense.flat());
        return;
    }
    std::vector<float> numbers(static_cast<std::size_t>(width));
    for (index row = 0; row < rows; ++row) {
        if (!table.dense.empty()) {
            from.read(table.dense.row(row));
            continue;
        }
        from.read(numbers);
        for (std::size_t column = 0; column < numbers.size(); ++column) {
            if (numbers[column] != 0) {
                table.sparse.columns.push_back(static_cast<std::int32_t>(column));
                table.sparse.values.push_back(numbers[column]);
            }
        }
        table.sparse.end_row();
        if (static_cast<index>(table.sparse.columns.size()) > rows * width / most_share) {
            table.dense = tensor<float>(wanted);
            scatter(table.sparse, table.dense);
            table.sparse = sparse_rows{};
        }
    }
}

/// Throws data_error with the row (of so many numbers; 0: unknown) where one is NaN or infinite.
inline void check_finite(std::span<const float> numbers, index width, const std::string& where) {
    const auto bad =
        std::find_if(numbers.begin(), numbers.end(), [](float v) { return !std::isfinite(v); });
    if (bad != numbers.end()) {
        const index row = width > 0 ? (bad - numbers.begin()) / width : 0;
        throw data_error(
            where,
            (width > 0 ? "row " + std::to_string(row) + " (from 0) " : std::string()) + "holds " +
                to_text(*bad) + ", which is not a finite number"
        );
    }
}

/// One part as it is read: features, and the target before it is known what it means.
struct npz_part {
    samples table;
    tensor<float> target;
    bool given = false;
};

inline npz_part read_npz_part(zip_archive& archive, const std::string& ending, index limit) {
    const auto find = [&](const std::string& name) {
        const auto& all = archive.entries();
        const auto at = std::find_if(all.begin(), all.end(), [&](const zip_entry& entry) {
            return entry.name == name + ".npy";
        });
        return at == all.end() ? nullptr : &*at;
    };
    npz_part part;
    const zip_entry* x = find("x" + ending);
    const zip_entry* y = find("y" + ending);
    if (x == nullptr && y == nullptr) {
        return part;
    }
    if (x == nullptr || y == nullptr) {
        throw data_error(
            archive.path(), std::string("holds no array ") + (x == nullptr ? "x" : "y") + ending
        );
    }
    npy_reader features(archive, *x);
    const shape& extents = features.extents();
    if (extents.rank() == 0 || extents.size() == 0) {
        throw data_error(archive.path() + ": " + x->name, "holds no samples");
    }
    const index rows = limit > 0 ? std::min(limit, extents[0]) : extents[0];
    read_features(features, rows, part.table);
    check_finite(part.table.dense.flat(), extents.row().size(), archive.path() + ": " + x->name);
    check_finite(part.table.sparse.values, 0, archive.path() + ": " + x->name);
    part.target = npy_reader(archive, *y).read_all();
    const shape& answers = part.target.extents();
    if (answers.rank() < 1 || answers.rank() > 2 || answers[0] != extents[0] ||
        part.target.empty()) {
        throw data_error(
            archive.path() + ": " + y->name,
            "has shape " + to_text(answers) + " where " + std::to_string(extents[0]) +
                " samples need as many labels or rows of targets"
        );
    }
    check_finite(part.target.flat(), part.target.row_size(), archive.path() + ": " + y->name);
    if (const zip_entry* w = find("sample_weight" + ending)) {
        const tensor<float> weights = npy_reader(archive, *w).read_all();
        if (weights.extents().rank() < 1 || weights.size() != extents[0] ||
            weights.extents()[0] != extents[0]) {
            throw data_error(
                archive.path() + ": " + w->name,
                "has shape " + to_text(weights.extents()) + " where " + std::to_string(extents[0]) +
                    " samples need a weight each"
            );
        }
        part.table.weights.assign(weights.data(), weights.data() + rows);
    }
    part.given = true;
    return part;
}

} // namespace detail

/// A dataset of `x` and `y`, or of `x_train`, `y_train`, `x_test`, `y_test` and perhaps `x_val`,
/// `y_val`; `sample_weight` with the same endings gives what each row counts in the loss. Other
/// arrays are passed over. Features are taken as they are, n x sample; targets are
/// n, n x 1 or n x k, labels or numbers by the rule of labels.hpp. Throws file_error, data_error.
[[nodiscard]] inline dataset
read_npz_dataset(const std::string& path, const npz_options& options = {}) {
    detail::zip_archive archive(path);
    std::array<detail::npz_part, 4> parts; // pool, train, validation, test
    constexpr std::array<const char*, 4> endings{"", "_train", "_val", "_test"};
    std::vector<const tensor<float>*> targets;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        parts[i] = detail::read_npz_part(archive, endings[i], options.limit);
        if (parts[i].given) {
            targets.push_back(&parts[i].target);
            if (parts[i].target.row_size() != targets.front()->row_size()) {
                throw data_error(path, "has targets of different widths in its parts");
            }
        }
    }
    if (parts[0].given == parts[1].given) {
        throw data_error(
            path,
            parts[0].given ? "holds both x and x_train; give one"
                           : "holds neither arrays x, y nor x_train, y_train"
        );
    }
    if (parts[0].given && targets.size() > 1) {
        throw data_error(path, "holds x, a pool of all rows, beside parts");
    }
    const label_rule rule = find_label_rule(targets, options.target, path);
    dataset data;
    data.name = "npz:" + path;
    data.classes = rule.classes;
    data.class_names = label_names(rule);
    const std::array<std::shared_ptr<const samples>*, 4> places{
        &data.pool, &data.train, &data.validation, &data.test};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (!parts[i].given) {
            continue;
        }
        samples& table = parts[i].table;
        if (rule.classes > 0) {
            table.labels = encode_labels(parts[i].target, rule);
            table.labels.resize(static_cast<std::size_t>(table.rows()));
        } else {
            tensor<float> target = detail::first_rows(parts[i].target, table.rows());
            table.targets.resize(shape{target.rows(), target.row_size()});
            std::copy_n(target.data(), target.size(), table.targets.data());
        }
        *places[i] = std::make_shared<const samples>(std::move(table));
    }
    check_dataset(data);
    return data;
}

} // namespace mend
