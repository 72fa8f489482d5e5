// SPDX-License-Identifier: MIT
/// What `model.fit()` is given, as plain data.
#pragma once

#include <cstdint>

#include <mend/spec/field.hpp>

namespace mend {

struct fit_spec {
    std::int64_t batch_size = 32;
    std::int64_t epochs = 1;
    bool shuffle = true;
    double validation_split = 0; ///< [0, 1); see the design for what 0 means

    friend bool operator==(const fit_spec&, const fit_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"batch_size", domain::positive}, self.batch_size);
        visit(field{"epochs", domain::positive}, self.epochs);
        visit(field{"shuffle"}, self.shuffle);
        visit(field{"validation_split", domain::rate}, self.validation_split);
    }
};

} // namespace mend
