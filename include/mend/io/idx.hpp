// SPDX-License-Identifier: MIT
/// IDX files, the format of MNIST (yann.lecun.com/exdb/mnist): two zero bytes, a type, the number
/// of dimensions, the extents as big-endian 32-bit numbers, then the elements.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <mend/core/error.hpp>
#include <mend/data/dataset.hpp>
#include <mend/data/samples.hpp>
#include <mend/io/image_options.hpp>
#include <mend/io/input_file.hpp>
#include <mend/tensor/shape.hpp>

namespace mend {

/// Reads an IDX header and leaves the file at the first element. Elements have to be unsigned
/// bytes, `rank` dimensions of them. Throws data_error.
[[nodiscard]] inline shape read_idx_header(input_file& file, int rank) {
    std::array<std::uint8_t, 4> bytes{};
    const auto hex = [](std::uint8_t byte) {
        constexpr const char* digits = "0123456789ABCDEF";
        return std::string("0x") + digits[byte >> 4U] + digits[byte & 15U];
    };
    file.read(bytes, "the IDX header");
    if (bytes[0] != 0 || bytes[1] != 0) {
        throw data_error(file.path(), "is not an IDX file (it does not begin with two zero bytes)");
    }
    if (bytes[2] != 0x08) {
        throw data_error(
            file.path(), "holds elements of type " + hex(bytes[2]) + ", unsigned bytes are 0x08"
        );
    }
    if (bytes[3] != rank) {
        throw data_error(
            file.path(),
            "has " + std::to_string(bytes[3]) + " dimensions instead of " + std::to_string(rank)
        );
    }
    shape extents;
    std::uint64_t size = 1;
    for (int axis = 0; axis < rank; ++axis) {
        file.read(bytes, "the IDX header");
        const std::uint32_t extent = std::uint32_t{bytes[0]} << 24U |
                                     std::uint32_t{bytes[1]} << 16U |
                                     std::uint32_t{bytes[2]} << 8U | std::uint32_t{bytes[3]};
        extents.push_back(extent);
        size = extent == 0 ? 0 : size > file.most_bytes() / extent ? UINT64_MAX : size * extent;
    }
    if (size == 0) {
        throw data_error(file.path(), "holds no samples");
    }
    if (size > file.most_bytes()) {
        throw data_error(
            file.path(), "has extents " + to_text(extents) + ", more than the file can hold"
        );
    }
    return extents;
}

namespace detail {

inline void expect_end(input_file& file) {
    if (!file.at_end()) {
        throw data_error(file.path(), "goes on after the elements that its header announces");
    }
}

/// One part of MNIST: images and labels of the same count.
inline std::shared_ptr<const samples> read_idx_pair(
    const std::string& image_path, const std::string& label_path, const image_options& options
) {
    input_file images(image_path);
    input_file labels(label_path);
    const shape extents = read_idx_header(images, 3);
    const index count = read_idx_header(labels, 1)[0];
    if (count != extents[0]) {
        throw data_error(
            label_path,
            "holds " + std::to_string(count) + " labels, but " + image_path + " " +
                std::to_string(extents[0]) + " images"
        );
    }
    const index rows = options.limit > 0 ? std::min(count, options.limit) : count;
    samples table;
    table.sample = shape{extents[1], extents[2], 1};
    table.dense.resize(table.sample.batch(rows));
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(table.sample.size()));
    for (index row = 0; row < rows; ++row) {
        images.read(bytes, "image " + std::to_string(row));
        to_pixels(bytes, options.raw, table.dense.row(row).data());
    }
    bytes.resize(static_cast<std::size_t>(rows));
    labels.read(bytes, "the list of labels");
    table.labels.assign(bytes.begin(), bytes.end());
    check_samples(table, 10, label_path);
    if (rows == count) {
        expect_end(images);
        expect_end(labels);
    }
    return std::make_shared<const samples>(std::move(table));
}

} // namespace detail

/// MNIST, or a set in its form (Fashion-MNIST), from a folder that holds the four files under their
/// usual names, gzipped or not: train and test parts, images height x width x 1, labels 0..9.
/// Throws file_error, data_error.
[[nodiscard]] inline dataset
read_mnist(const std::string& directory, const image_options& options = {}) {
    const auto part = [&](const std::string& prefix) {
        const auto path = [&](const std::string& what, const std::string& type) {
            const std::string name = prefix + "-" + what;
            return require_file(directory, {name + "-" + type, name + "." + type});
        };
        const std::string images = path("images", "idx3-ubyte");
        return detail::read_idx_pair(images, path("labels", "idx1-ubyte"), options);
    };
    dataset data;
    data.name = "mnist:" + directory;
    data.classes = 10;
    data.train = part("train");
    data.test = part("t10k");
    for (int digit = 0; digit < 10; ++digit) {
        data.class_names.push_back(std::to_string(digit));
    }
    check_dataset(data);
    return data;
}

} // namespace mend
