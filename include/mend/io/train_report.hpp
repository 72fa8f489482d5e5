// SPDX-License-Identifier: MIT
/// What `mend train` found, as JSON and as text for people.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <mend/core/text.hpp>
#include <mend/data/dataset.hpp>
#include <mend/io/report.hpp>
#include <mend/record/trial.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/validate.hpp>
#include <mend/stats/summary.hpp>
#include <mend/train/score.hpp>
#include <mend/train/trainer.hpp>

namespace mend {

namespace detail {

/// With all metrics by their names where they were computed; the second of a name is name_1.
[[nodiscard]] inline document
scores_document(const part_scores& scores, const std::vector<metric_spec>& metrics) {
    document part = document::object();
    part.set("loss", scores.loss);
    part.set("metric", scores.metric);
    if (scores.metrics.empty() || scores.metrics.size() != metrics.size()) {
        return part;
    }
    document all = document::object();
    for (std::size_t i = 0; i < metrics.size(); ++i) {
        std::string name = metrics[i].name;
        for (int again = 1; all.find(name) != nullptr; ++again) {
            name = metrics[i].name + "_" + std::to_string(again);
        }
        all.set(name, scores.metrics[i]);
    }
    part.set("metrics", std::move(all));
    return part;
}

[[nodiscard]] inline std::vector<double> test_metrics(std::span<const training> runs) {
    std::vector<double> scores;
    for (const training& run : runs) {
        scores.push_back(run.test.metric);
    }
    return scores;
}

/// Samples of all updates over the time of all trainings.
[[nodiscard]] inline double samples_per_second(std::span<const training> runs) {
    double samples = 0;
    double seconds = 0;
    for (const training& run : runs) {
        samples += static_cast<double>(run.samples);
        seconds += run.seconds;
    }
    return samples / seconds;
}

} // namespace detail

/// The object that `mend train --json` prints; `runs` beside their seeds.
[[nodiscard]] inline document train_document(
    const problem& trained,
    const dataset& data,
    score_rule rule,
    std::span<const std::uint64_t> seeds,
    std::span<const training> runs
) {
    const auto scores = [&trained](const part_scores& part) {
        return detail::scores_document(part, trained.compile.metrics);
    };
    document list = document::array();
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const training& run = runs[i];
        document one = document::object();
        one.set("seed", static_cast<std::int64_t>(seeds[i]));
        one.set("status", to_text(run.status));
        one.set("train", scores(run.train));
        one.set("validation", scores(run.validation));
        one.set("test", scores(run.test));
        one.set("epochs", run.epochs);
        document curve = document::array();
        for (const epoch_record& epoch : run.curve) {
            document point = document::object();
            point.set("train", scores(epoch.train));
            point.set("validation", scores(epoch.validation));
            curve.push_back(std::move(point));
        }
        one.set("curve", std::move(curve));
        one.set("seconds", run.seconds);
        list.push_back(std::move(one));
    }
    const std::vector<double> test = detail::test_metrics(runs);
    document out = document::object();
    out.set("data", data.name);
    out.set("runs", std::move(list));
    out.set("mean", mean(test));
    out.set("std", standard_deviation(test));
    out.set("metric", metric_document(rule));
    out.set("parameters", infer_shapes(trained.model).parameters());
    out.set("samples_per_second", detail::samples_per_second(runs));
    return out;
}

/// The same for people: a line per epoch of a single run, else a line per run.
[[nodiscard]] inline std::string train_text(
    const problem& trained,
    const dataset& data,
    score_rule rule,
    std::span<const std::uint64_t> seeds,
    std::span<const training> runs
) {
    const std::string metric(rule.name());
    const auto number = [](double v) { return std::isnan(v) ? std::string("-") : short_text(v); };
    const auto scores = [&](const part_scores& s) {
        return "loss " + number(s.loss) + "  score " + number(s.metric);
    };
    std::string out = "data      " + data.name + "\nmodel     " +
                      std::to_string(infer_shapes(trained.model).parameters()) + " parameters\n";
    if (runs.size() == 1) {
        for (std::size_t e = 0; e < runs[0].curve.size(); ++e) {
            const epoch_record& epoch = runs[0].curve[e];
            out += "epoch " + std::to_string(e + 1) + "\ttrain " + scores(epoch.train);
            if (!std::isnan(epoch.validation.loss)) {
                out += "\tvalidation " + scores(epoch.validation);
            }
            out += "\n";
        }
    }
    for (std::size_t i = 0; i < runs.size(); ++i) {
        out += "seed " + std::to_string(seeds[i]) + "\t" + std::string(to_text(runs[i].status)) +
               "\ttest " + scores(runs[i].test) + "\t" + duration_text(runs[i].seconds) + "\n";
    }
    for (std::size_t m = 1; runs.size() == 1 && m < runs[0].test.metrics.size(); ++m) {
        out += "test " + trained.compile.metrics[m].name + " " +
               fixed_text(runs[0].test.metrics[m], 4) + "\n";
    }
    const std::vector<double> test = detail::test_metrics(runs);
    out += "test " + metric + " " +
           (test.size() > 1 ? detail::spread_text(test) : fixed_text(mean(test), 4)) + "\n";
    return out;
}

} // namespace mend
