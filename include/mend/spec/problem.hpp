// SPDX-License-Identifier: MIT
/// A training problem as plain values: model, compile, fit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/spec/compile.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/field.hpp>
#include <mend/spec/fit.hpp>
#include <mend/spec/layer.hpp>

namespace mend {

/// Which Keras' rules hold where versions differ.
enum class keras_semantics : std::uint8_t {
    keras2_10, ///< 2.0 to 2.10
    keras2_15, ///< 2.11 to 2.15, and TensorFlow.js
    keras3,    ///< 3, and where no version is given
};

/// The rules of a `keras_version` as files state it ("2.4.3", "2.4.0-tf", "3.3.3", "tfjs-layers
/// 4.22.0", "" where absent); nothing for any other.
[[nodiscard]] inline std::optional<keras_semantics> find_semantics(std::string_view stated) {
    if (stated.empty()) {
        return keras_semantics::keras3;
    }
    if (stated.starts_with("tfjs-layers")) {
        return keras_semantics::keras2_15;
    }
    const auto number = [&stated](std::int64_t& value) {
        std::size_t digits = 0;
        for (value = 0; digits < stated.size() && stated[digits] >= '0' && stated[digits] <= '9';
             ++digits) {
            value = digits < 6 ? value * 10 + (stated[digits] - '0') : value;
        }
        stated.remove_prefix(digits);
        return digits > 0;
    };
    std::int64_t major = 0;
    if (!number(major) || (!stated.empty() && stated.front() != '.' && stated.front() != '-')) {
        return std::nullopt;
    }
    if (major == 3) {
        return keras_semantics::keras3;
    }
    std::int64_t minor = 0;
    if (major != 2 || !stated.starts_with('.')) {
        return std::nullopt;
    }
    stated.remove_prefix(1);
    if (!number(minor) || minor > 15) {
        return std::nullopt;
    }
    return minor <= 10 ? keras_semantics::keras2_10 : keras_semantics::keras2_15;
}

/// A sequential model. == compares what it computes: layers, input shape and the rules of its Keras
/// version, not names.
struct model_spec {
    dimensions input_shape{}; ///< of one sample, without the batch
    std::vector<layer_spec> layers{};
    std::string keras_version{}; ///< as stated; empty where absent
    std::string name{};

    /// Requires a version that find_semantics knows.
    [[nodiscard]] keras_semantics semantics() const {
        const auto found = find_semantics(keras_version);
        MEND_EXPECTS(found.has_value(), "keras_version is one that mend knows");
        return *found;
    }

    friend bool operator==(const model_spec& a, const model_spec& b) {
        return a.input_shape == b.input_shape && a.layers == b.layers &&
               find_semantics(a.keras_version) == find_semantics(b.keras_version);
    }
};

/// A problem, and the file it came from. == compares meaning: two files that spell the same problem
/// differently are equal.
struct problem {
    model_spec model{};
    compile_spec compile{};
    fit_spec fit{};

    /// The tree that this was read from, so that patches apply to the file as it was given; null
    /// for a problem made in C++. It counts only while it says the same as model, compile and fit.
    document source{};

    /// The file holds the model as a JSON text within a string, as `model.to_json()` returns it;
    /// `source` has the tree.
    bool model_is_text = false;

    friend bool operator==(const problem& a, const problem& b) {
        return a.model == b.model && a.compile == b.compile && a.fit == b.fit;
    }
};

} // namespace mend
