// SPDX-License-Identifier: MIT
/// From documents to fit.
#pragma once

#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <mend/spec/document.hpp>
#include <mend/spec/field.hpp>
#include <mend/spec/fit.hpp>
#include <mend/spec/read_values.hpp>
#include <mend/spec/reading.hpp>
#include <mend/spec/settings.hpp>

namespace mend::detail {

inline void
read_fit(mistake_list& mistakes, const document& value, const std::string& at, fit_spec& fit) {
    if (!value.is_object()) {
        mistakes.add(at, "must be an object, not " + shown(value));
        return;
    }
    static constexpr std::string_view fixed[] = {
        "sample_weight", "validation_data", "steps_per_epoch", "validation_steps", "initial_epoch"};
    static constexpr std::string_view ignored[] = {
        "verbose",
        "validation_freq",
        "validation_batch_size",
        "max_queue_size",
        "workers",
        "use_multiprocessing"};
    const document* batch_size = value.find("batch_size");
    std::vector<setting> settings = settings_of(fit);
    std::vector<std::string_view> noise(std::begin(ignored), std::end(ignored));
    if (batch_size != nullptr && batch_size->is_null()) { // Keras: 32
        settings.erase(settings.begin());
        noise.push_back("batch_size");
    }
    read_settings(mistakes, value, at, settings, fixed, noise);
}

} // namespace mend::detail
