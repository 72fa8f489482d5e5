// SPDX-License-Identifier: MIT
/// The data of published faults that follow a formula, number for number (Kim et al.: "Repairing
/// DNN Architecture: Are We There Yet?", ICST 2023, and the questions on Stack Overflow that its
/// faults come from). What is random in them comes from NumPy's generator.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <mend/data/dataset.hpp>
#include <mend/data/generated.hpp>
#include <mend/data/holdout.hpp>
#include <mend/data/numpy_random.hpp>
#include <mend/data/samples.hpp>

namespace mend {

namespace detail {

/// `each` vectors of 128 ones (class 1), then as many of zeros (class 0).
inline std::shared_ptr<const samples> ones_and_zeros(index each) {
    constexpr index width = 128;
    samples rows;
    rows.sample = shape{width};
    rows.dense.resize(shape{2 * each, width});
    for (index i = 0; i < 2 * each * width; ++i) {
        rows.dense[i] = i < each * width ? 1.0F : 0.0F;
    }
    rows.labels.assign(static_cast<std::size_t>(2 * each), 0);
    std::fill_n(rows.labels.begin(), each, 1);
    return std::make_shared<const samples>(std::move(rows));
}

/// Rows of one number each with one target each.
inline samples numbers_to_numbers(index n) {
    samples rows;
    rows.sample = shape{1};
    rows.dense.resize(shape{n, 1});
    rows.targets.resize(shape{n, 1});
    return rows;
}

} // namespace detail

/// Stack Overflow 31880720 (faults D1 and 068): 10,000 vectors of 128 ones (class 1) and 10,000 of
/// zeros (class 0) to train on, 100 and 100 to test.
[[nodiscard]] inline dataset make_constant_vectors() {
    dataset data;
    data.name = "constant_vectors";
    data.classes = 2;
    data.train = detail::ones_and_zeros(10'000);
    data.test = detail::ones_and_zeros(100);
    return data;
}

/// Stack Overflow 45442843 (D3): 10,000 integers of 15,000 .. 24,999; class 1 below 20,000; then
/// standardised over all rows. The published rows are lost: these follow their rule, drawn by
/// `RandomState(42).randint`.
[[nodiscard]] inline dataset make_threshold() {
    constexpr index n = 10'000;
    numpy_random random(42);
    samples rows;
    rows.sample = shape{1};
    rows.dense.resize(shape{n, 1});
    double sum = 0;
    double squares = 0;
    std::vector<double> drawn;
    for (index row = 0; row < n; ++row) {
        const double number = 15'000.0 + random.up_to(9'999);
        drawn.push_back(number);
        sum += number;
        squares += number * number;
        rows.labels.push_back(number < 20'000 ? 1 : 0);
    }
    const double mean = sum / n;
    const double deviation = std::sqrt(squares / n - mean * mean);
    for (index row = 0; row < n; ++row) {
        rows.dense[row] =
            static_cast<float>((drawn[static_cast<std::size_t>(row)] - mean) / deviation);
    }
    return detail::generated("threshold", 2, std::move(rows));
}

/// Stack Overflow 50306988 (D6): 100 points of the square [0.2, 0.4)^2 and 100 of (0.5, 0.7]^2, in
/// turn. `RandomState(42)` draws 200 numbers for the first square, then 200 for the second.
[[nodiscard]] inline dataset make_squares() {
    constexpr index each = 100;
    numpy_random random(42);
    samples rows;
    rows.sample = shape{2};
    rows.dense.resize(shape{2 * each, 2});
    for (index square = 0; square < 2; ++square) {
        for (index i = 0; i < 2 * each; ++i) {
            const double u = square == 0 ? random.uniform(0.2, 0.4) : random.uniform(0.7, 0.5);
            rows.dense[2 * (2 * (i / 2) + square) + i % 2] = static_cast<float>(u);
        }
    }
    for (index row = 0; row < 2 * each; ++row) {
        rows.labels.push_back(static_cast<int>(row % 2));
    }
    return detail::generated("squares", 2, std::move(rows));
}

/// Stack Overflow 51181393 (D7): y = 5 x at 100 equally spaced x from 1 to 2.
[[nodiscard]] inline dataset make_fivefold() {
    constexpr index n = 100;
    samples rows = detail::numbers_to_numbers(n);
    for (index i = 0; i < n; ++i) {
        const double x = 1 + static_cast<double>(i) / (n - 1);
        rows.dense[i] = static_cast<float>(x);
        rows.targets[i] = static_cast<float>(5 * x);
    }
    return detail::generated("fivefold", 0, std::move(rows));
}

/// Stack Overflow 56380303 (D8): 10,000 numbers of 20 random bits, the lowest first; to predict are
/// the 20 bits of the number modulo 7. These are targets, not classes: they may be all zero, and
/// accuracy compares the places of the largest.
[[nodiscard]] inline dataset make_remainders() {
    constexpr index n = 10'000;
    constexpr index bits = 20;
    numpy_random random(42);
    samples rows;
    rows.sample = shape{bits};
    rows.dense.resize(shape{n, bits});
    rows.targets.resize(shape{n, bits});
    for (index row = 0; row < n; ++row) {
        std::uint32_t number = 0;
        for (index bit = 0; bit < bits; ++bit) {
            const std::uint32_t drawn = random.up_to(1);
            rows.dense[row * bits + bit] = static_cast<float>(drawn);
            number |= drawn << static_cast<unsigned>(bit);
        }
        for (index bit = 0; bit < bits; ++bit) {
            rows.targets[row * bits + bit] =
                static_cast<float>(number % 7 >> static_cast<unsigned>(bit) & 1U);
        }
    }
    return detail::generated("remainders", 0, std::move(rows));
}

/// Stack Overflow 48221692: y = x^2 + 3 at x = -10, -9.9, ..., 10, to two decimals; 150 rows to
/// train on, 51 to test, cut by the seed 7.
[[nodiscard]] inline dataset make_parabola() {
    constexpr index n = 201;
    samples rows = detail::numbers_to_numbers(n);
    for (index i = 0; i < n; ++i) {
        const double x = static_cast<double>(i - 100) / 10;
        rows.dense[i] = static_cast<float>(x);
        rows.targets[i] = static_cast<float>(std::round((x * x + 3) * 100) / 100);
    }
    const row_cut cut = train_test_cut(n, 7, 0.25);
    dataset data;
    data.name = "parabola";
    data.train = take_rows(rows, cut.train);
    data.test = take_rows(rows, cut.test);
    return data;
}

} // namespace mend
