// SPDX-License-Identifier: MIT
/// Trials as lines of Optuna's journal storage, and back, exactly.
///
/// A trial is one line, `create trial` in its one-shot form: parameters, distributions, the
/// validation scores of the epochs as intermediate values, and the rest as user attributes. What
/// JSON has no number for is null (NaN), "inf" or "-inf".
#pragma once

#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/record/trial.hpp>
#include <mend/space/space.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/document_text.hpp>
#include <mend/spec/patch.hpp>

namespace mend::detail {

/// User attributes that say what a trial is; an outcome's own may not have these names.
inline constexpr std::array<std::string_view, 12> journal_attributes{
    "id",
    "seed",
    "fidelity",
    "continues",
    "reached",
    "pairs_with",
    "patch",
    "status",
    "cost",
    "seconds",
    "curve",
    "signals"};

/// Appends to an object without looking for the key.
inline void put(document& object, std::string key, document value) {
    object.members().push_back({std::move(key), std::move(value)});
}

[[nodiscard]] inline document number_document(double number) {
    return std::isfinite(number) ? document(number)
           : std::isnan(number)  ? document()
           : number > 0          ? document("inf")
                                 : document("-inf");
}

/// Whether the document is what number_document gives; then its number.
[[nodiscard]] inline bool read_number(const document* from, double& number) {
    if (!from) {
        return false;
    }
    if (from->is_number()) {
        number = from->as_number();
    } else if (from->is_null()) {
        number = std::numeric_limits<double>::quiet_NaN();
    } else if (*from == document("inf") || *from == document("-inf")) {
        number = (*from == document("inf") ? 1 : -1) * std::numeric_limits<double>::infinity();
    } else {
        return false;
    }
    return true;
}

/// "2026-11-23T16:24:55.705906": local time without a zone, which every version of Optuna reads.
[[nodiscard]] inline std::string date_text(std::chrono::system_clock::time_point at) {
    const auto since = std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch());
    const std::time_t whole = since.count() / 1000000;
    std::tm local{};
    localtime_r(&whole, &local);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &local);
    const std::string digits = std::to_string(1000000 + since.count() % 1000000);
    return std::string(text.data()) + "." + digits.substr(1);
}

/// The distribution of a parameter, as JSON text within JSON. An ordinal is a categorical of
/// numbers, a boolean one of false and true.
[[nodiscard]] inline std::string distribution_text(const parameter& p) {
    document attributes = document::object();
    std::string_view name = "CategoricalDistribution";
    if (p.kind == parameter_kind::real) {
        name = "FloatDistribution";
        put(attributes, "step", {});
        put(attributes, "low", p.low);
        put(attributes, "high", p.high);
        put(attributes, "log", p.is_log());
    } else if (p.kind == parameter_kind::integer) {
        name = "IntDistribution";
        put(attributes, "log", p.is_log());
        put(attributes, "step", 1);
        put(attributes, "low", static_cast<std::int64_t>(p.low));
        put(attributes, "high", static_cast<std::int64_t>(p.high));
    } else {
        document choices = document::array();
        for (const std::string& choice : p.choices) {
            choices.push_back(choice);
        }
        for (const double level : p.levels) {
            const bool whole = level == std::floor(level) && std::abs(level) < 0x1p53;
            choices.push_back(whole ? document(static_cast<std::int64_t>(level)) : document(level));
        }
        if (p.kind == parameter_kind::boolean) {
            choices = document::array_type{false, true};
        }
        put(attributes, "choices", std::move(choices));
    }
    document whole = document::object();
    put(whole, "name", name);
    put(whole, "attributes", std::move(attributes));
    return to_json(whole);
}

[[nodiscard]] inline document curve_document(const training_curve& curve) {
    document epochs = document::array();
    for (const epoch_record& e : curve) {
        epochs.push_back(document::array_type{
            number_document(e.train.loss),
            number_document(e.train.metric),
            number_document(e.validation.loss),
            number_document(e.validation.metric)});
    }
    return epochs;
}

/// The user attributes of a trial. `exact_values`: with the values, which do not stand elsewhere.
[[nodiscard]] inline document attributes_document(const trial& t, bool exact_values) {
    const proposal& p = t.proposal;
    const outcome& o = t.outcome;
    document all = document::object();
    put(all, "id", p.id);
    put(all, "seed", std::to_string(p.seed)); // 64 bits: more than a number holds in many readers
    put(all, "status", to_text(o.status));
    put(all, "cost", number_document(o.cost));
    put(all, "seconds", number_document(t.seconds));
    if (p.fidelity != 1) {
        put(all, "fidelity", p.fidelity);
    }
    if (p.continues != proposal::none) {
        put(all, "continues", p.continues);
        put(all, "reached", p.reached);
    }
    if (p.pairs_with != proposal::none) {
        put(all, "pairs_with", p.pairs_with);
    }
    if (!p.patch.empty()) {
        put(all, "patch", document_from(p.patch));
    }
    if (exact_values) {
        document values = document::array();
        for (const double value : o.values) {
            values.push_back(number_document(value));
        }
        put(all, "values", std::move(values));
    }
    if (!o.curve.empty()) {
        put(all, "curve", curve_document(o.curve));
    }
    if (!o.signals.empty()) {
        document signals = document::object();
        for (const signal& s : o.signals) {
            put(signals, s.name, number_document(s.value));
        }
        put(all, "signals", std::move(signals));
    }
    for (const document_member& extra : o.attributes) {
        for (const std::string_view taken : journal_attributes) {
            MEND_EXPECTS(extra.key != taken && extra.key != "values", "an attribute's own name");
        }
        put(all, extra.key, extra.value);
    }
    return all;
}

/// The line of a trial that ended now. `signs`: -1 for an objective that is maximised.
[[nodiscard]] inline std::string trial_line(
    const trial& t, const std::string& worker, std::int64_t study, const std::vector<int>& signs
) {
    const auto now = std::chrono::system_clock::now();
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::duration<double>(t.seconds < 1e9 ? t.seconds : 0)
    );
    const outcome& o = t.outcome;
    bool finite = t.completed() && o.values.size() == signs.size();
    for (const double value : o.values) {
        finite = finite && std::isfinite(value);
    }
    document values = document::array();
    for (std::size_t i = 0; finite && i < signs.size(); ++i) {
        values.push_back(signs[i] * o.values[i]);
    }
    document distributions = document::object();
    document params = document::object();
    for (std::size_t i = 0; i < t.proposal.at.size(); ++i) {
        const point_value value = t.proposal.at[i];
        const parameter& p = value.parameter();
        if (value.exists()) {
            put(distributions, p.name, distribution_text(p));
            const bool counts = p.kind != parameter_kind::real && p.kind != parameter_kind::integer;
            put(params,
                p.name,
                counts ? document(static_cast<std::int64_t>(value.raw())) : document(value.raw()));
        }
    }
    document steps = document::object();
    for (std::size_t epoch = 0; epoch < o.curve.size(); ++epoch) {
        if (const double metric = o.curve[epoch].validation.metric; std::isfinite(metric)) {
            put(steps, std::to_string(epoch), metric);
        }
    }
    const bool single = signs.size() == 1;
    document line = document::object();
    put(line, "op_code", 4);
    put(line, "worker_id", worker);
    put(line, "study_id", study);
    put(line, "datetime_start", date_text(now - took));
    put(line, "state", finite ? 1 : 3);
    put(line, "value", finite && single ? values.items()[0] : document());
    put(line, "values", finite && !single ? values : document());
    put(line, "datetime_complete", date_text(now));
    put(line, "distributions", std::move(distributions));
    put(line, "params", std::move(params));
    put(line, "user_attrs", attributes_document(t, !finite && !o.values.empty()));
    put(line, "system_attrs", document::object());
    put(line, "intermediate_values", std::move(steps));
    return to_json(line) + "\n";
}

} // namespace mend::detail
