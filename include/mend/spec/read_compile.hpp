// SPDX-License-Identifier: MIT
/// From documents to optimizer, loss and metrics.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/spec/compile.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/field.hpp>
#include <mend/spec/names.hpp>
#include <mend/spec/pointer.hpp>
#include <mend/spec/read_model.hpp>
#include <mend/spec/read_values.hpp>
#include <mend/spec/reading.hpp>
#include <mend/spec/settings.hpp>

namespace mend::detail {

class compile_reader {
public:
    compile_reader(
        mistake_list& mistakes,
        problem_layout& layout,
        compile_spec& compile,
        std::string_view keras_version
    )
        : mistakes_(mistakes)
        , layout_(layout)
        , compile_(compile)
        , keras_version_(keras_version) {}

    void read(const document& value, const std::string& at) {
        const bool weights_file =
            value.find("optimizer") == nullptr && value.find("optimizer_config") != nullptr;
        const std::string_view optimizer_key = weights_file ? "optimizer_config" : "optimizer";
        layout_.optimizer = pointer_to(at, optimizer_key);
        layout_.loss = pointer_to(at, "loss");
        layout_.metrics = pointer_to(at, "metrics");
        if (!value.is_object()) {
            mistakes_.add(at, "must be an object, not " + shown(value));
            return;
        }
        const std::string_view known[] = {
            optimizer_key,
            "loss",
            "metrics",
            "run_eagerly",
            "jit_compile",
            "auto_scale_loss",
            "steps_per_execution"};
        const std::string_view fixed[] = {"loss_weights", "weighted_metrics", "sample_weight_mode"};
        read_settings(mistakes_, value, at, {}, fixed, known);
        if (const document* optimizer = value.find(optimizer_key)) {
            read_optimizer(*optimizer, layout_.optimizer);
        } else {
            mistakes_.add(layout_.optimizer, "is missing");
        }
        if (const document* loss = value.find("loss")) {
            read_loss(*loss, layout_.loss);
        } else {
            mistakes_.add(layout_.loss, "is missing");
        }
        if (const document* metrics = value.find("metrics")) {
            read_metrics(*metrics, layout_.metrics);
        }
    }

private:
    void read_optimizer(const document& value, const std::string& at) {
        const auto reference = read_class(mistakes_, value, at, "an optimizer");
        if (!reference) {
            return;
        }
        const auto kind = make_optimizer(reference->name);
        if (!kind) {
            mistakes_.add(reference->name_at, shown(reference->name) + " is not supported");
            return;
        }
        compile_.optimizer = {*kind};
        compile_.optimizer.rate() = default_rate(compile_.optimizer.class_name(), keras_version_);
        if (reference->config == nullptr) {
            return;
        }
        static constexpr std::string_view fixed[] = {
            "use_ema", "loss_scale_factor", "gradient_accumulation_steps"};
        static constexpr std::string_view ignored[] = {
            "name",
            "dtype",
            "ema_momentum",
            "ema_overwrite_frequency",
            "jit_compile",
            "is_legacy_optimizer"};
        const document* legacy = reference->config->find("is_legacy_optimizer");
        if (legacy != nullptr && legacy->is_bool() && legacy->as_bool() &&
            is_any_of(compile_.optimizer.class_name(), {"RMSprop", "Adagrad", "Nadam"}) &&
            find_semantics(keras_version_) != keras_semantics::keras2_10) {
            mistakes_.add(
                pointer_to(reference->config_at, "is_legacy_optimizer"),
                "true is not supported: the rules of that optimizer are those of keras_version 2.10"
            );
        }
        read_settings(
            mistakes_,
            *reference->config,
            reference->config_at,
            settings_of(compile_.optimizer),
            fixed,
            ignored
        );
    }

    void read_loss(const document& value, const std::string& at) {
        const document& list = unwrapped(value);
        if (list.is_array() && list.size() == 1) {
            layout_.loss = pointer_to(at, std::size_t{0});
            read_loss(list.items()[0], layout_.loss);
            return;
        }
        if (list.is_object() && list.size() == 1 && list.find("class_name") == nullptr) {
            const auto& [output, loss] = list.members()[0]; // by the name of the only output
            layout_.loss = pointer_to(at, output);
            read_loss(loss, layout_.loss);
            return;
        }
        const auto reference = read_class(mistakes_, list, at, "a loss");
        if (!reference) {
            return;
        }
        const std::string_view name = loss_name(function_name(*reference));
        if (name.empty()) {
            mistakes_.add(reference->name_at, shown(reference->name) + " is not supported");
            return;
        }
        compile_.loss = loss_spec{.name = std::string(name)};
        if (reference->config == nullptr) {
            return;
        }
        static constexpr std::string_view fixed[] = {"axis", "ignore_class"};
        static constexpr std::string_view ignored[] = {"name", "dtype", "reduction", "fn"};
        const std::vector<setting> settings = settings_of(compile_.loss);
        read_settings(
            mistakes_, *reference->config, reference->config_at, settings, fixed, ignored
        );
        const document* reduction = reference->config->find("reduction");
        if (reduction != nullptr && !reduction->is_null() &&
            !(reduction->is_string() &&
              is_any_of(reduction->as_string(), {"auto", "sum_over_batch_size"}))) {
            mistakes_.add(
                pointer_to(reference->config_at, "reduction"),
                shown(*reduction) + " is not supported, only sum_over_batch_size is"
            );
        }
    }

    /// A wrapper (LossFunctionWrapper, MeanMetricWrapper) names its function under `fn`.
    [[nodiscard]] static std::string function_name(const class_reference& reference) {
        if (reference.config != nullptr && reference.name.ends_with("Wrapper")) {
            if (const document* function = reference.config->find("fn")) {
                const document& name = unwrapped_name(*function);
                return name.is_string() ? name.as_string() : reference.name;
            }
        }
        return reference.name;
    }

    /// A name, a wrapped metric, a list of metrics (nested, with one output), or an object by
    /// output.
    void read_metrics(const document& value, const std::string& at) {
        const document& list = unwrapped(value);
        if (list.is_null()) {
            return;
        }
        if (list.is_array()) {
            for (std::size_t i = 0; i < list.size(); ++i) {
                read_metrics(list.items()[i], pointer_to(at, i));
            }
            return;
        }
        if (list.is_object() && list.size() == 1 && list.find("class_name") == nullptr) {
            const auto& [output, metrics] = list.members()[0];
            read_metrics(metrics, pointer_to(at, output));
            return;
        }
        const auto reference = read_class(mistakes_, list, at, "a metric");
        if (!reference) {
            return;
        }
        const std::string spelled = function_name(*reference);
        const std::string_view name = metric_name(spelled);
        // The class Accuracy compares numbers; the word "accuracy" picks what fits the loss.
        if (name.empty() || spelled == "Accuracy") {
            mistakes_.add(reference->name_at, shown(reference->name) + " is not supported");
            return;
        }
        metric_spec metric(name);
        if (reference->config != nullptr) {
            static constexpr std::string_view fixed[] = {
                "thresholds",
                "top_k",
                "class_id",
                "curve",
                "summation_method",
                "multi_label",
                "from_logits",
                "num_labels",
                "label_weights"};
            static constexpr std::string_view ignored[] = {"name", "dtype", "fn"};
            const bool thresholded = name == "precision" || name == "recall";
            const std::vector<setting> settings = settings_of(metric);
            const document* thresholds = reference->config->find("thresholds");
            const bool standard = thresholds != nullptr && thresholds->is_null();
            read_settings(
                mistakes_,
                *reference->config,
                reference->config_at,
                thresholded && standard ? std::vector<setting>() : settings,
                thresholded || name == "auc" ? std::span<const std::string_view>(fixed)
                                             : std::span<const std::string_view>(),
                ignored
            );
            if (metric.num_thresholds < 2) {
                mistakes_.add(
                    pointer_to(reference->config_at, "num_thresholds"), "must be at least 2"
                );
            }
        }
        compile_.metrics.push_back(std::move(metric));
    }

    mistake_list& mistakes_;
    problem_layout& layout_;
    compile_spec& compile_;
    std::string_view keras_version_;
};

} // namespace mend::detail
