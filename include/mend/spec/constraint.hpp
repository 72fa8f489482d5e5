// SPDX-License-Identifier: MIT
/// Constraints of weights as plain data, in Keras' words.
#pragma once

#include <string>

#include <mend/spec/field.hpp>

namespace mend {

/// What a weight is put back into after every update. `name` is "" for no constraint, else one of
/// max_norm, min_max_norm, unit_norm, non_neg. Settings that the name does not use keep their
/// defaults.
struct constraint_spec {
    std::string name{};
    double max_value = 2; ///< max_norm; of min_max_norm 1 by default; >= 0
    double min_value = 0; ///< min_max_norm; >= 0
    double rate = 1;      ///< min_max_norm; [0, 1]
    dimensions axis{0};   ///< those that norms are over; negative ones count from the end

    [[nodiscard]] bool exists() const noexcept { return !name.empty(); }

    friend bool operator==(const constraint_spec&, const constraint_spec&) = default;

    /// Visits the settings of the name, but for `axis`, which all but non_neg have.
    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        if (self.name == "min_max_norm") {
            visit(field{"min_value", domain::non_negative}, self.min_value);
        }
        if (self.name == "max_norm" || self.name == "min_max_norm") {
            visit(field{"max_value", domain::non_negative}, self.max_value);
        }
        if (self.name == "min_max_norm") {
            visit(field{"rate", domain::share}, self.rate);
        }
    }
};

} // namespace mend
