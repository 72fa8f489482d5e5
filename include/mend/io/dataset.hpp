// SPDX-License-Identifier: MIT
/// Data by one word: `KIND[:PATH][#target=COLUMN][?key=value&...]`.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <mend/core/error.hpp>
#include <mend/core/text.hpp>
#include <mend/data/dataset.hpp>
#include <mend/data/digits.hpp>
#include <mend/data/generators.hpp>
#include <mend/data/textures.hpp>
#include <mend/data/topics.hpp>
#include <mend/io/cifar.hpp>
#include <mend/io/csv.hpp>
#include <mend/io/data_word.hpp>
#include <mend/io/idx.hpp>
#include <mend/io/npz.hpp>

namespace mend {

/// Reads or draws a dataset.
///
/// Built in: blobs, circles, moons, spirals, line, digits, textures, topics; keys n, noise, seed.
/// Files, gzipped or not: `mnist:DIR`, `cifar10:DIR` (key scale: unit, the default, or raw),
/// `npz:FILE`, `csv:FILE#target=COLUMN` (key task: classification or regression, where the rule of
/// labels.hpp is not what is meant). All: limit (first so many rows of each part), split (0, 1, ...
/// or keras; kept in dataset.split). Example: `csv:iris.csv#target=species?limit=100&split=1`.
///
/// Throws usage_error for a word that is not so, file_error and data_error as the readers do.
[[nodiscard]] dataset read_dataset(std::string_view word);

namespace detail {

/// Reads n, noise and seed into the options of a generator.
template <class Options>
Options generator_options(data_word& word, double most_noise) {
    Options options;
    word.expect_no_path();
    options.n =
        static_cast<index>(word.whole("n", static_cast<std::uint64_t>(options.n), 1, 10'000'000));
    options.noise = word.number("noise", options.noise, most_noise);
    options.seed = word.whole("seed", options.seed, 0, UINT64_MAX);
    return options;
}

/// The first rows of a table; itself where it has no more.
inline std::shared_ptr<const samples>
keep_rows(const std::shared_ptr<const samples>& table, index rows) {
    if (!table || rows == 0 || table->rows() <= rows) {
        return table;
    }
    samples kept;
    kept.sample = table->sample;
    if (table->is_sparse()) {
        const auto& all = table->sparse;
        const auto entries = static_cast<std::size_t>(all.offsets[static_cast<std::size_t>(rows)]);
        kept.sparse.offsets.assign(all.offsets.begin(), all.offsets.begin() + rows + 1);
        kept.sparse.columns.assign(
            all.columns.begin(), all.columns.begin() + static_cast<index>(entries)
        );
        kept.sparse.values.assign(
            all.values.begin(), all.values.begin() + static_cast<index>(entries)
        );
    } else {
        kept.dense = first_rows(table->dense, rows);
    }
    if (table->labels.empty()) {
        kept.targets = first_rows(table->targets, rows);
    } else {
        kept.labels.assign(table->labels.begin(), table->labels.begin() + rows);
    }
    return std::make_shared<const samples>(std::move(kept));
}

} // namespace detail

inline dataset read_dataset(std::string_view text) {
    detail::data_word word(text);
    const std::string& kind = word.kind();
    constexpr double most_noise = 1000;

    // First every key is looked at, so that a mistake is told before anything is read.
    const auto limit = static_cast<index>(word.whole("limit", 0, 1, INT64_MAX));
    split_options split;
    if (const std::string* value = word.value("split"); value != nullptr) {
        const char* end = value->data() + value->size();
        split.keras = *value == "keras";
        const auto result = std::from_chars(value->data(), end, split.seed);
        if (!split.keras && (result.ec != std::errc{} || result.ptr != end)) {
            word.fail("split is 0, 1, 2, ... or keras, not \"" + *value + "\"");
        }
    }
    dataset data;
    const auto draw = [&](auto options, auto make) {
        word.expect_known_keys();
        data = make(options);
        data.pool = detail::keep_rows(data.pool, limit);
    };
    const auto images = [&](auto read) {
        const std::string& path = word.path("FOLDER");
        word.expect_no_target();
        const bool raw = word.choice("scale", {"unit", "raw"}) == 1;
        word.expect_known_keys();
        data = read(path, image_options{.raw = raw, .limit = limit});
    };
    const auto target = [&] {
        const std::size_t task = word.choice("task", {"automatic", "classification", "regression"});
        word.expect_known_keys();
        return static_cast<target_kind>(task);
    };
    if (kind == "blobs") {
        draw(detail::generator_options<blobs_options>(word, most_noise), make_blobs);
    } else if (kind == "circles") {
        draw(detail::generator_options<circles_options>(word, most_noise), make_circles);
    } else if (kind == "moons") {
        draw(detail::generator_options<moons_options>(word, most_noise), make_moons);
    } else if (kind == "spirals") {
        draw(detail::generator_options<spirals_options>(word, most_noise), make_spirals);
    } else if (kind == "line") {
        draw(detail::generator_options<line_options>(word, most_noise), make_line);
    } else if (kind == "digits") {
        draw(detail::generator_options<digits_options>(word, most_noise), make_digits);
    } else if (kind == "textures") {
        draw(detail::generator_options<textures_options>(word, most_noise), make_textures);
    } else if (kind == "topics") {
        draw(detail::generator_options<topics_options>(word, 1), make_topics);
    } else if (kind == "mnist") {
        images(read_mnist);
    } else if (kind == "cifar10") {
        images(read_cifar10);
    } else if (kind == "npz") {
        const std::string& path = word.path("FILE");
        word.expect_no_target();
        data = read_npz_dataset(path, {.target = target(), .limit = limit});
    } else if (kind == "csv") {
        const std::string& path = word.path("FILE#target=COLUMN");
        const target_kind of = target();
        data = read_csv(path, {.target = word.target(), .kind = of, .limit = limit});
    } else {
        word.fail(
            "there is no kind \"" + kind +
            "\"; possible: blobs, circles, moons, spirals, line, digits, textures, topics, "
            "mnist:FOLDER, cifar10:FOLDER, npz:FILE, csv:FILE#target=COLUMN"
        );
    }
    data.name = word.text();
    data.split = split;
    return data;
}

} // namespace mend
