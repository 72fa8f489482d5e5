// SPDX-License-Identifier: MIT
/// CIFAR-10's binary files (cs.toronto.edu/~kriz/cifar.html): per image a label byte, then 1024
/// red, 1024 green, 1024 blue bytes, each colour row by row.
#pragma once

#include <algorithm>
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

namespace mend {

namespace detail {

inline constexpr std::size_t cifar_plane = 1024;
inline constexpr std::size_t cifar_record = 1 + 3 * cifar_plane;

/// Appends the records of a file to `records`, until these hold `limit` (0: all).
inline void append_cifar(const std::string& path, index limit, std::vector<std::uint8_t>& records) {
    input_file file(path);
    for (std::size_t image = 0;; ++image) {
        const std::size_t held = records.size();
        if (limit > 0 && held / cifar_record == static_cast<std::size_t>(limit)) {
            return;
        }
        records.resize(held + cifar_record);
        const std::size_t got = file.read_some({records.data() + held, cifar_record});
        if (got == 0) {
            records.resize(held);
            if (image == 0) {
                throw data_error(path, "holds no samples");
            }
            return;
        }
        if (got < cifar_record) {
            throw data_error(
                path,
                "ends within image " + std::to_string(image) + ": after " + std::to_string(got) +
                    " of its 3073 bytes"
            );
        }
        if (records[held] > 9) {
            throw data_error(
                path,
                "label " + std::to_string(records[held]) + " of image " + std::to_string(image) +
                    " is outside 0..9"
            );
        }
    }
}

inline std::shared_ptr<const samples>
cifar_samples(const std::vector<std::uint8_t>& records, bool raw) {
    const std::size_t rows = records.size() / cifar_record;
    samples table;
    table.sample = shape{32, 32, 3};
    table.dense.resize(table.sample.batch(static_cast<index>(rows)));
    table.labels.resize(rows);
    std::vector<std::uint8_t> pixels(3 * cifar_plane);
    for (std::size_t row = 0; row < rows; ++row) {
        const std::uint8_t* record = records.data() + row * cifar_record;
        table.labels[row] = record[0];
        for (std::size_t i = 0; i < cifar_plane; ++i) {
            for (std::size_t colour = 0; colour < 3; ++colour) {
                pixels[3 * i + colour] = record[1 + colour * cifar_plane + i];
            }
        }
        to_pixels(pixels, raw, table.dense.row(static_cast<index>(row)).data());
    }
    return std::make_shared<const samples>(std::move(table));
}

} // namespace detail

/// CIFAR-10 from a folder that holds data_batch_1.bin (and _2 to _5, as many as there are) and
/// test_batch.bin, gzipped or not: train and test parts, images 32 x 32 x 3, labels 0..9.
/// Throws file_error, data_error.
[[nodiscard]] inline dataset
read_cifar10(const std::string& directory, const image_options& options = {}) {
    std::vector<std::uint8_t> records;
    detail::append_cifar(require_file(directory, {"data_batch_1.bin"}), options.limit, records);
    for (const char* name :
         {"data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"}) {
        if (const std::string path = find_file(directory, {name}); !path.empty()) {
            detail::append_cifar(path, options.limit, records);
        }
    }
    dataset data;
    data.name = "cifar10:" + directory;
    data.classes = 10;
    data.class_names = {
        "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"};
    data.train = detail::cifar_samples(records, options.raw);
    records.clear();
    detail::append_cifar(require_file(directory, {"test_batch.bin"}), options.limit, records);
    data.test = detail::cifar_samples(records, options.raw);
    check_dataset(data);
    return data;
}

} // namespace mend
