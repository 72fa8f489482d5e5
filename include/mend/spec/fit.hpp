// SPDX-License-Identifier: MIT
/// What `model.fit()` is given, as plain data.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include <mend/spec/callback.hpp>
#include <mend/spec/field.hpp>

namespace mend {

/// What a training sample of each class counts, by class, ascending; empty: all the same.
struct class_weights {
    std::vector<std::pair<std::int64_t, double>> weights{};

    friend bool operator==(const class_weights&, const class_weights&) = default;
};

struct fit_spec {
    std::int64_t batch_size = 32;
    std::int64_t epochs = 1;
    bool shuffle = true;
    double validation_split = 0; ///< [0, 1); see the design for what 0 means

    class_weights class_weight{};
    std::vector<callback_spec> callbacks{};

    friend bool operator==(const fit_spec&, const fit_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"batch_size", domain::positive}, self.batch_size);
        visit(field{"epochs", domain::positive}, self.epochs);
        visit(field{"shuffle"}, self.shuffle);
        visit(field{"validation_split", domain::rate}, self.validation_split);
        visit(field{"class_weight"}, self.class_weight);
        visit(field{"callbacks"}, self.callbacks);
    }
};

} // namespace mend
