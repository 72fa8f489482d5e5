// SPDX-License-Identifier: MIT
/// Faults of the hyperparameters: HBS, HLR, HNE, HDB.
///
/// DeepCrime states its ranges by subject. The rules here give them back: batch sizes {32, 64, 256,
/// 512} for 128, epochs to 1 with the precision 1 for 12 and 5 epochs, 5 for 50. Its learning rates
/// go to a tenth of the original with a tenth or a hundredth of it as precision (once to a
/// thousandth).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <mend/core/error.hpp>
#include <mend/core/text.hpp>
#include <mend/fault/operator.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/pointer.hpp>

namespace mend {

namespace detail {

/// To the nearest. Throws usage_error for what no integer is near.
[[nodiscard]] inline document whole_number(const mutation_value& value) {
    const double number = std::get<double>(value);
    if (!(std::abs(number) <= 0x1p53)) {
        throw usage_error("--value", "must be a whole number, not " + to_text(number));
    }
    return std::llround(number);
}

} // namespace detail

/// Another batch size: a quarter, half, double and four times the original.
struct change_batch_size {
    static constexpr operator_about about{
        "HBS", "change_batch_size", operator_group::hyperparameters, "changes the batch size"};

    [[nodiscard]] std::vector<mutation_site> sites(const document&) const {
        return detail::whole_if(true);
    }

    [[nodiscard]] setting_range
    settings(const document& problem, mutation_site, const mutation_facts&) const {
        const std::int64_t now = find_at(problem, "/fit/batch_size")->as_integer();
        setting_range range;
        for (const std::int64_t size : {now / 4, now / 2, now * 2, now * 4}) {
            if (size > 0) {
                range.values.emplace_back(static_cast<double>(size));
            }
        }
        return range;
    }

    [[nodiscard]] std::pair<std::string, document>
    edit(const document&, mutation_site, const mutation_value& value) const {
        return {"/fit/batch_size", detail::whole_number(value)};
    }
};

/// A lower learning rate, down to a tenth. Needs a constant rate above 0.
struct change_learning_rate {
    static constexpr operator_about about{
        "HLR", "change_learning_rate", operator_group::hyperparameters, "lowers the learning rate"};
    static constexpr const char* path = "/compile/optimizer/config/learning_rate";

    [[nodiscard]] std::vector<mutation_site> sites(const document& problem) const {
        const document* rate = find_at(problem, path);
        return detail::whole_if(rate != nullptr && rate->is_number() && rate->as_number() > 0);
    }

    [[nodiscard]] setting_range
    settings(const document& problem, mutation_site, const mutation_facts&) const {
        const double now = find_at(problem, path)->as_number();
        const double precision = now / 100;
        const double digits = std::ceil(-std::log10(precision) - 1e-9) + 1;
        return {
            .interval = setting_interval{
                now, now / 10, precision, static_cast<int>(std::max(digits, 0.0))}};
    }

    [[nodiscard]] std::pair<std::string, document>
    edit(const document&, mutation_site, const mutation_value& value) const {
        return {path, std::get<double>(value)};
    }
};

/// Fewer epochs. Needs two.
struct change_epochs {
    static constexpr operator_about about{
        "HNE", "change_epochs", operator_group::hyperparameters, "trains for fewer epochs"};

    [[nodiscard]] std::vector<mutation_site> sites(const document& problem) const {
        return detail::whole_if(find_at(problem, "/fit/epochs")->as_integer() > 1);
    }

    [[nodiscard]] setting_range
    settings(const document& problem, mutation_site, const mutation_facts&) const {
        const auto now = static_cast<double>(find_at(problem, "/fit/epochs")->as_integer());
        return {.interval = setting_interval{now, 1, std::max(1.0, std::floor(now / 10)), 0}};
    }

    [[nodiscard]] std::pair<std::string, document>
    edit(const document&, mutation_site, const mutation_value& value) const {
        return {"/fit/epochs", detail::whole_number(value)};
    }
};

/// All train rows as one batch. Needs to know how many there are.
struct disable_batching {
    static constexpr operator_about about{
        "HDB",
        "disable_batching",
        operator_group::hyperparameters,
        "makes one batch of all training rows"};

    [[nodiscard]] std::vector<mutation_site> sites(const document&) const {
        return detail::whole_if(true);
    }

    [[nodiscard]] setting_range
    settings(const document&, mutation_site, const mutation_facts& facts) const {
        setting_range range;
        if (facts.train_rows > 0) {
            range.values.emplace_back(static_cast<double>(facts.train_rows));
        }
        return range;
    }

    [[nodiscard]] std::pair<std::string, document>
    edit(const document&, mutation_site, const mutation_value& value) const {
        return {"/fit/batch_size", detail::whole_number(value)};
    }
};

static_assert(problem_operator<change_batch_size>);
static_assert(problem_operator<change_learning_rate>);
static_assert(problem_operator<change_epochs>);
static_assert(problem_operator<disable_batching>);

} // namespace mend
