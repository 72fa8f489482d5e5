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
#include <mend/data/formulas.hpp>
#include <mend/data/generators.hpp>
#include <mend/data/holdout.hpp>
#include <mend/data/iris.hpp>
#include <mend/data/textures.hpp>
#include <mend/data/topics.hpp>
#include <mend/io/cifar.hpp>
#include <mend/io/csv.hpp>
#include <mend/io/data_word.hpp>
#include <mend/io/idx.hpp>
#include <mend/io/npz.hpp>
#include <mend/io/published_data.hpp>
#include <mend/spec/dense.hpp>
#include <mend/spec/metric.hpp>
#include <mend/spec/problem.hpp>

namespace mend {

/// Reads or draws a dataset.
///
/// Drawn: blobs, circles, moons, spirals, line, digits, textures, topics; keys n, noise, seed.
/// Files, gzipped or not: `mnist:DIR`, `cifar10:DIR` (key scale: unit, the default, or raw),
/// `npz:FILE`, `csv:FILE#target=COLUMN` (key task: classification or regression, where the rule of
/// labels.hpp is not what is meant).
/// Of published faults: constant_vectors, threshold, squares, fivefold, remainders, parabola (see
/// formulas.hpp), iris; and mnist, cifar10, reuters without a path: the files where MEND_DATA_DIR
/// has them, else digits, textures, topics, which the dataset's name then says.
/// `mnist?labels=scaled` makes the mistake of the faults D9 and 098. All: limit (first so many rows
/// of each part), split (0, 1, ... or keras; kept in dataset.split), holdout and drop (cut by
/// scikit-learn's random_state of this value, see holdout.hpp). Examples:
/// `csv:iris.csv#target=species?limit=100&split=1`, `mnist?holdout=42`.
///
/// Throws usage_error for a word that is not so, file_error and data_error as the readers do.
[[nodiscard]] dataset
read_dataset(std::string_view word, target_kind unless_named = target_kind::automatic);

/// The same for a problem: whole numbers in a csv or npz file are no labels where the problem
/// predicts a number (`predicts_number`), but for 0 and 1.
[[nodiscard]] dataset read_dataset(std::string_view word, const problem& of);

/// Whether a problem can only mean numbers by its single output: that is linear, the loss is one of
/// numbers, and no metric is a share of right answers.
[[nodiscard]] inline bool predicts_number(const problem& p) {
    static constexpr std::array<std::string_view, 7> losses{
        "mean_squared_error",
        "mean_absolute_error",
        "mean_absolute_percentage_error",
        "mean_squared_logarithmic_error",
        "logcosh",
        "huber",
        "poisson"};
    static constexpr std::array<std::string_view, 4> errors{
        "mean_squared_error", "mean_absolute_error", "mse", "mae"};
    const auto is_in = [](std::string_view name, const auto& names) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    const auto* last =
        p.model.layers.empty() ? nullptr : get_if<dense_spec>(&p.model.layers.back().kind);
    return last != nullptr && last->units == 1 && last->activation == "linear" &&
           is_in(p.compile.loss.name, losses) &&
           std::all_of(
               p.compile.metrics.begin(),
               p.compile.metrics.end(),
               [&](const metric_spec& m) { return is_in(m.name, errors) || is_in(m.name, losses); }
           );
}

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

} // namespace detail

inline dataset read_dataset(std::string_view word, const problem& of) {
    return read_dataset(word, predicts_number(of) ? target_kind::numbers : target_kind::automatic);
}

inline dataset read_dataset(std::string_view text, target_kind unless_named) {
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
    holdout_options parts{.limit = limit};
    for (const auto& [key, seed] :
         {std::pair{"holdout", &parts.holdout}, std::pair{"drop", &parts.drop}}) {
        if (word.value(key) != nullptr) {
            *seed = static_cast<std::uint32_t>(word.whole(key, 0, 0, UINT32_MAX));
        }
    }
    parts.validation = static_cast<index>(word.whole("validation", 0, 1, INT64_MAX));
    // Readers stop early where no rows from further on can come in.
    const index most = parts.holdout || parts.drop ? 0 : limit;
    dataset data;
    std::string drawn; // in place of files
    bool labels_scaled = false;
    const auto draw = [&](auto options, auto make) {
        word.expect_known_keys();
        data = make(options);
    };
    const auto compute = [&](auto make) {
        word.expect_no_path();
        word.expect_known_keys();
        data = make();
    };
    const auto published = [&](bool raw) {
        word.expect_no_path();
        word.expect_known_keys();
        detail::published_data got = detail::read_published(kind, raw, limit);
        data = std::move(got.data);
        drawn = std::move(got.drawn);
    };
    const auto images = [&](auto read) {
        const bool raw = word.choice("scale", {"unit", "raw"}) == 1;
        labels_scaled = kind == "mnist" && word.choice("labels", {"given", "scaled"}) == 1;
        if (raw && labels_scaled) {
            word.fail("labels=scaled is for images in 0..1");
        }
        if (!word.has_path()) {
            published(raw);
            return;
        }
        const std::string& path = word.path("FOLDER");
        word.expect_no_target();
        word.expect_known_keys();
        data = read(path, image_options{.raw = raw, .limit = most});
    };
    const auto target = [&] {
        const std::size_t task = word.choice("task", {"automatic", "classification", "regression"});
        word.expect_known_keys();
        return task == 0 ? unless_named : static_cast<target_kind>(task);
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
    } else if (kind == "constant_vectors") {
        compute(make_constant_vectors);
    } else if (kind == "threshold") {
        compute(make_threshold);
    } else if (kind == "squares") {
        compute(make_squares);
    } else if (kind == "fivefold") {
        compute(make_fivefold);
    } else if (kind == "remainders") {
        compute(make_remainders);
    } else if (kind == "parabola") {
        compute(make_parabola);
    } else if (kind == "iris") {
        compute(make_iris);
    } else if (kind == "reuters") {
        published(false);
    } else if (kind == "mnist") {
        images(read_mnist);
    } else if (kind == "cifar10") {
        images(read_cifar10);
    } else if (kind == "npz") {
        const std::string& path = word.path("FILE");
        word.expect_no_target();
        data = read_npz_dataset(path, {.target = target(), .limit = most});
    } else if (kind == "csv") {
        const std::string& path = word.path("FILE#target=COLUMN");
        const target_kind of = target();
        data = read_csv(path, {.target = word.target(), .kind = of, .limit = most});
    } else {
        word.fail(
            "there is no kind \"" + kind +
            "\"; possible: blobs, circles, moons, spirals, line, digits, textures, topics, "
            "constant_vectors, threshold, squares, fivefold, remainders, parabola, iris, reuters, "
            "mnist[:FOLDER], cifar10[:FOLDER], npz:FILE, csv:FILE#target=COLUMN"
        );
    }
    data.name = word.text();
    data = cut(std::move(data), parts);
    if (labels_scaled) {
        data = detail::with_labels_scaled(std::move(data));
    }
    if (!drawn.empty()) {
        data.name = drawn + " in place of " + word.text();
    }
    data.split = split;
    return data;
}

} // namespace mend
