// SPDX-License-Identifier: MIT
/// The data sets that published faults were found on, by name alone: the files where they are at
/// hand, else what mend draws in their place.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <mend/data/dataset.hpp>
#include <mend/data/digits.hpp>
#include <mend/data/holdout.hpp>
#include <mend/data/samples.hpp>
#include <mend/data/textures.hpp>
#include <mend/data/topics.hpp>
#include <mend/io/cifar.hpp>
#include <mend/io/idx.hpp>
#include <mend/io/image_options.hpp>
#include <mend/io/npz.hpp>

namespace mend::detail {

/// The path of something in the folder that MEND_DATA_DIR names; "" where it is not there.
inline std::string published_path(std::string_view below) {
    const char* folder = std::getenv("MEND_DATA_DIR");
    if (folder == nullptr || *folder == '\0') {
        return {};
    }
    const auto path = std::filesystem::path(folder) / below;
    std::error_code error;
    return std::filesystem::exists(path, error) ? path.string() : std::string();
}

/// A table with every feature times a number.
inline std::shared_ptr<const samples>
scaled(const std::shared_ptr<const samples>& table, float factor) {
    if (!table || factor == 1.0F) {
        return table;
    }
    samples made = *table;
    for (float& number : made.dense.flat()) {
        number *= factor;
    }
    return std::make_shared<const samples>(std::move(made));
}

/// Divides a drawn pool: its first rows are train, the others test.
inline dataset in_place_of(dataset drawn, index train_rows) {
    const data_part all(drawn.pool);
    const std::span<const index> rows(all.rows);
    drawn.train = take_rows(*drawn.pool, rows.first(static_cast<std::size_t>(train_rows)));
    drawn.test = take_rows(*drawn.pool, rows.subspan(static_cast<std::size_t>(train_rows)));
    drawn.pool.reset();
    return drawn;
}

/// A published data set by its name, and what was read or drawn for it.
struct published_data {
    dataset data;
    std::string drawn; ///< the generator; "" where the files were read
};

/// `mnist`, `cifar10` or `reuters` from MEND_DATA_DIR (folders mnist, cifar10, file
/// reuters46/reuters46.npz), else digits, textures or topics, as many rows as the set has (10,000
/// and 2,000 for CIFAR-10). Where only the first `most` rows of each part will be used (0: all), no
/// more are drawn than that takes.
inline published_data read_published(std::string_view name, bool raw, index most) {
    const auto stand_in = [&](const char* drawn, auto options, auto make, index train, index test) {
        train = most > 0 && most < train ? std::min(train, 2 * most) : train;
        test = most > 0 && most < test ? std::min(test, 5 * most) : test;
        options.n = train + test;
        dataset data = in_place_of(make(options), train);
        data.train = scaled(data.train, raw ? 255.0F : 1.0F);
        data.test = scaled(data.test, raw ? 255.0F : 1.0F);
        return published_data{std::move(data), drawn};
    };
    if (name == "reuters") {
        const std::string file = published_path("reuters46/reuters46.npz");
        return file.empty() ? stand_in("topics", topics_options{}, make_topics, 8'982, 2'246)
                            : published_data{read_npz_dataset(file), {}};
    }
    const std::string folder = published_path(name);
    if (!folder.empty()) {
        return {(name == "mnist" ? read_mnist : read_cifar10)(folder, {.raw = raw}), {}};
    }
    return name == "mnist" ? stand_in("digits", digits_options{}, make_digits, 60'000, 10'000)
                           : stand_in("textures", textures_options{}, make_textures, 10'000, 2'000);
}

/// The mistake of Stack Overflow 59325381 (faults D9 and 098) made on images in 0..1: train labels
/// were divided by 255, which makes every one of them class 0, and only the train images scaled.
inline dataset with_labels_scaled(dataset data) {
    samples train = *data.train;
    std::fill(train.labels.begin(), train.labels.end(), 0);
    data.train = std::make_shared<const samples>(std::move(train));
    data.validation = scaled(data.validation, 255);
    data.test = scaled(data.test, 255);
    return data;
}

} // namespace mend::detail
