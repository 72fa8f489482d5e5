// SPDX-License-Identifier: MIT
/// Initialisers and regularisers as plain data, in Keras' words.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <mend/spec/field.hpp>

namespace mend {

/// How a weight starts. `name` is one of zeros, ones, constant, random_normal, random_uniform,
/// truncated_normal, variance_scaling, glorot_uniform, glorot_normal, he_uniform, he_normal,
/// lecun_uniform, lecun_normal, orthogonal, identity. Defaults are Keras'. == compares meaning:
/// settings that the name does not use do not count, and variance_scaling(1, fan_avg, uniform),
/// which is what TensorFlow.js writes, equals glorot_uniform.
struct initializer_spec {
    std::string name = "glorot_uniform";
    double value = 0;                              ///< constant
    double mean = 0;                               ///< random_normal, truncated_normal
    double stddev = 0.05;                          ///< random_normal, truncated_normal; >= 0
    double minval = -0.05;                         ///< random_uniform
    double maxval = 0.05;                          ///< random_uniform
    double scale = 1;                              ///< variance_scaling; > 0
    std::string mode = "fan_in";                   ///< variance_scaling
    std::string distribution = "truncated_normal"; ///< variance_scaling
    double gain = 1;                               ///< orthogonal, identity
    std::optional<std::int64_t> seed{};            ///< of the random ones

    friend bool operator==(const initializer_spec& a, const initializer_spec& b);

    /// Visits the settings that this initialiser's name uses.
    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        const std::string& n = self.name;
        if (n == "zeros" || n == "ones") {
            return;
        }
        if (n == "constant") {
            visit(field{"value"}, self.value);
            return;
        }
        if (n == "random_normal" || n == "truncated_normal") {
            visit(field{"mean"}, self.mean);
            visit(field{"stddev", domain::non_negative}, self.stddev);
        } else if (n == "random_uniform") {
            visit(field{"minval"}, self.minval);
            visit(field{"maxval"}, self.maxval);
        } else if (n == "variance_scaling") {
            visit(field{"scale", domain::positive}, self.scale);
            visit(field{"mode", domain::fan_mode}, self.mode);
            visit(field{"distribution", domain::distribution}, self.distribution);
        } else if (n == "orthogonal" || n == "identity") {
            visit(field{"gain"}, self.gain);
        }
        if (n != "identity") {
            visit(field{"seed"}, self.seed);
        }
    }
};

/// The same initialiser with unused settings at their defaults, and under its own name where
/// variance scaling has one (Glorot, He, LeCun).
[[nodiscard]] inline initializer_spec normalised(const initializer_spec& how) {
    const std::string& name = how.name;
    initializer_spec plain{.name = name};
    const bool random = name != "zeros" && name != "ones" && name != "constant";
    if (random && name != "identity") {
        plain.seed = how.seed;
    }
    if (name == "constant") {
        plain.value = how.value;
    } else if (name == "random_normal" || name == "truncated_normal") {
        plain.mean = how.mean;
        plain.stddev = how.stddev;
    } else if (name == "random_uniform") {
        plain.minval = how.minval;
        plain.maxval = how.maxval;
    } else if (name == "orthogonal" || name == "identity") {
        plain.gain = how.gain;
    } else if (name == "variance_scaling") {
        const bool he = how.scale == 2 && how.mode == "fan_in";
        const bool lecun = how.scale == 1 && how.mode == "fan_in";
        const bool glorot = how.scale == 1 && how.mode == "fan_avg";
        if ((he || lecun || glorot) && how.distribution != "untruncated_normal") {
            plain.name = he ? "he_" : lecun ? "lecun_" : "glorot_";
            plain.name += how.distribution == "uniform" ? "uniform" : "normal";
        } else {
            plain.scale = how.scale;
            plain.mode = how.mode;
            plain.distribution = how.distribution;
        }
    }
    return plain;
}

inline bool operator==(const initializer_spec& a, const initializer_spec& b) {
    const initializer_spec x = normalised(a);
    const initializer_spec y = normalised(b);
    return x.name == y.name && x.value == y.value && x.mean == y.mean && x.stddev == y.stddev &&
           x.minval == y.minval && x.maxval == y.maxval && x.scale == y.scale && x.mode == y.mode &&
           x.distribution == y.distribution && x.gain == y.gain && x.seed == y.seed;
}

/// Penalty l1 * sum |w| + l2 * sum w^2; zeros mean none.
struct regularizer_spec {
    double l1 = 0; ///< >= 0
    double l2 = 0; ///< >= 0

    [[nodiscard]] bool exists() const noexcept { return l1 != 0 || l2 != 0; }

    friend bool operator==(const regularizer_spec&, const regularizer_spec&) = default;
};

} // namespace mend
