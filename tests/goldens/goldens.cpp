// SPDX-License-Identifier: MIT
// Runs every golden training that an index.json lists, as a training of mend's, once for each Keras
// version that it applies to, and compares all numbers: |a - b| <= 1e-5 + 1e-4 |b|.
//
//     test_goldens [PART_OF_A_NAME ...]
//
// MEND_GOLDENS_DIR names the folder; without it the project's own copy is run. Exit code: 0 where
// all pass, 1 where one fails, 2 where the folder or its index cannot be read. Optional goldens
// with layers that mend lacks are listed as unsupported.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/io/json_text.hpp>
#include <mend/io/text_file.hpp>
#include <mend/spec/read.hpp>
#include <mend/spec/settings.hpp>
#include <mend/train/trainer.hpp>

#include "../build_facts.hpp"

namespace {

using mend::document;

// The largest error so far, and the first number out of tolerance.
struct comparison {
    double worst = 0; ///< |a - b| / max(1, |b|)
    std::string wrong;

    void compare(double found, double wanted, const std::string& what) {
        const double error = std::abs(found - wanted);
        const double relative = error / std::max(1.0, std::abs(wanted));
        worst = std::isnan(relative) ? std::numeric_limits<double>::infinity()
                                     : std::max(worst, relative);
        if (!(error <= 1e-5 + 1e-4 * std::abs(wanted)) && wrong.empty()) {
            char text[80];
            std::snprintf(text, sizeof text, " is %.9g instead of %.9g", found, wanted);
            wrong = what + text;
        }
    }

    void compare(std::span<const float> found, const document& wanted, const std::string& what) {
        if (found.size() != wanted.size()) {
            fail(
                what + " has " + std::to_string(found.size()) + " numbers instead of " +
                std::to_string(wanted.size())
            );
            return;
        }
        for (std::size_t i = 0; i < found.size(); ++i) {
            const std::string at = what + "[" + std::to_string(i) + "]";
            compare(static_cast<double>(found[i]), wanted.items()[i].as_number(), at);
        }
    }

    void fail(std::string why) {
        worst = std::numeric_limits<double>::infinity();
        wrong = wrong.empty() ? std::move(why) : wrong;
    }
};

[[noreturn]] void refuse(const std::string& why) { throw mend::spec_error("golden", why); }

const document& member(const document& object, const char* key) {
    const document* found = object.find(key);
    if (found == nullptr) {
        refuse(std::string("has no ") + key);
    }
    return *found;
}

mend::shape shape_of(const document& list) {
    mend::shape extents;
    for (const document& extent : list.items()) {
        extents.push_back(extent.as_integer());
    }
    return extents;
}

mend::tensor<float> tensor_of(const document& value) {
    mend::tensor<float> made(shape_of(member(value, "shape")));
    const document& data = member(value, "data");
    if (static_cast<mend::index>(data.size()) != made.size()) {
        refuse("has data of another shape than it states");
    }
    for (std::size_t i = 0; i < data.size(); ++i) {
        made.data()[i] = static_cast<float>(data.items()[i].as_number());
    }
    return made;
}

// The rows in the golden's order; labels where the loss takes class indices.
mend::dataset data_of(const document& golden, bool labelled) {
    auto table = std::make_shared<mend::samples>();
    table->dense = tensor_of(member(golden, "x"));
    table->sample = table->dense.extents().row();
    table->targets = tensor_of(member(golden, "y"));
    mend::dataset data;
    data.name = "golden";
    if (labelled) {
        for (const float label : table->targets.flat()) {
            table->labels.push_back(static_cast<int>(label));
        }
        table->targets = {};
        data.classes = 1 + *std::max_element(table->labels.begin(), table->labels.end());
    }
    data.train = std::move(table);
    return data;
}

// Notes what each update reports, and ends the training after so many.
struct step_notes {
    std::int64_t steps;
    mend::score_rule rule;
    const mend::data_part& rows;
    std::int64_t batch_size;
    std::vector<double> losses{};
    std::vector<double> metrics{};

    bool on_step(const mend::step_view& step) {
        const std::int64_t batches = mend::steps_per_epoch(rows.size(), batch_size);
        const std::int64_t first = step.step % batches * batch_size;
        const mend::samples& table = *rows.source;
        const mend::index count = step.output.rows();
        mend::score_sum sum(rule);
        if (table.labels.empty()) {
            sum.add(step.output, table.targets.view().slice(first, count));
        } else {
            sum.add(
                step.output,
                std::span(table.labels)
                    .subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count))
            );
        }
        losses.push_back(step.loss);
        metrics.push_back(sum.value());
        return static_cast<std::int64_t>(losses.size()) == steps;
    }
};

void set_weights(mend::network<float>& net, const document& wanted) {
    if (net.parameters().size() != wanted.size()) {
        refuse(
            "has " + std::to_string(wanted.size()) + " weights, the network " +
            std::to_string(net.parameters().size())
        );
    }
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const mend::parameter_info& p = net.parameters()[i];
        const mend::tensor<float> value = tensor_of(wanted.items()[i]);
        if (value.extents() != p.extents) {
            refuse(
                "weight " + std::to_string(i) + " has shape " + to_text(value.extents()) +
                ", that of the network " + to_text(p.extents)
            );
        }
        std::copy_n(value.data(), value.size(), net.value(p).data());
    }
}

comparison run_golden(const document& golden, std::string_view keras_version) {
    document tree = document::object();
    tree.set("model", member(golden, "model"));
    tree.find("model")->set("keras_version", keras_version);
    tree.set("compile", member(golden, "compile"));
    mend::problem wanted = mend::problem_from(tree);
    wanted.fit.batch_size = member(golden, "batch_size").as_integer();
    wanted.fit.shuffle = false;

    const bool labelled = wanted.compile.loss.name == "sparse_categorical_crossentropy";
    const mend::dataset data = data_of(golden, labelled);
    mend::data_parts parts;
    parts.train = mend::data_part(data.train);
    const mend::score_rule rule = mend::resolve_score(wanted.compile.metrics, data);
    mend::trainer run(wanted, data, parts, rule);
    set_weights(run.net(), member(golden, "weights_before"));

    const std::int64_t steps = member(golden, "steps").as_integer();
    step_notes notes{steps, rule, parts.train, wanted.fit.batch_size};
    if (steps > 0) {
        run.run(std::numeric_limits<std::int64_t>::max(), notes);
    }

    comparison found;
    if (static_cast<std::int64_t>(notes.losses.size()) != steps) {
        found.fail("the training ended after " + std::to_string(notes.losses.size()) + " steps");
        return found;
    }
    const auto compare_list =
        [&](const std::vector<double>& list, const document& expected, const std::string& what) {
            for (std::size_t i = 0; i < list.size() && i < expected.size(); ++i) {
                const std::string at = what + " of step " + std::to_string(i + 1);
                found.compare(list[i], expected.items()[i].as_number(), at);
            }
        };
    compare_list(notes.losses, member(golden, "loss_per_step"), "the loss");
    if (const document* metrics = golden.find("metrics_per_step")) {
        for (const auto& [name, expected] : metrics->members()) {
            compare_list(notes.metrics, expected, name);
        }
    }
    const document& weights = member(golden, "weights_after");
    const mend::network<float>& net = std::as_const(run).net();
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const document& weight = weights.items()[i];
        const std::string what = member(weight, "name").as_string() + " afterwards";
        found.compare(net.value(net.parameters()[i]).flat(), member(weight, "data"), what);
    }
    if (const document* expected = golden.find("evaluate")) {
        const mend::part_scores scores = run.evaluate(parts.train);
        for (const auto& [name, number] : expected->members()) {
            const bool is_loss = name == "loss";
            found.compare(
                is_loss ? scores.loss : scores.metric, number.as_number(), "the evaluated " + name
            );
        }
    }
    mend::tape<float> tape;
    mend::tensor<float> predicted;
    net.predict(tape, data.train->dense, predicted);
    found.compare(
        std::as_const(predicted).flat(), member(member(golden, "predict"), "data"), "prediction"
    );
    return found;
}

bool has_unknown_layer(const document& golden) {
    for (const document& layer : golden.find("model")->find("config")->find("layers")->items()) {
        if (!mend::make_layer(layer.find("class_name")->as_string())) {
            return true;
        }
    }
    return false;
}

// A version that stands for the range that a golden states.
std::string_view version_for(std::string_view range) {
    return range == "keras<=2.10"      ? "2.4.3"
           : range == "keras2.11-2.15" ? "2.15.0"
           : range == "keras3"         ? "3.3.3"
                                       : "";
}

struct totals {
    int passed = 0;
    int failed = 0;
    int unsupported = 0;
};

void report(
    totals& sums,
    const std::string& name,
    std::string_view range,
    const std::optional<comparison>& result
) {
    if (!result) {
        ++sums.unsupported;
        std::printf("%-11s %-14s %-48s\n", "unsupported", range.data(), name.c_str());
        return;
    }
    const bool passed = result->wrong.empty();
    ++(passed ? sums.passed : sums.failed);
    std::printf(
        "%-11s %-14s %-48s %9.2e%s%s\n",
        passed ? "pass" : "FAIL",
        range.data(),
        name.c_str(),
        result->worst,
        passed ? "" : "  ",
        result->wrong.c_str()
    );
}

void run_entry(totals& sums, const std::string& folder, const document& entry) {
    const std::string& name = member(entry, "name").as_string();
    document golden;
    std::string broken;
    bool unsupported = false;
    try {
        golden = mend::parse_json(
            mend::read_text_file(folder + "/" + member(entry, "file").as_string()), name
        );
        unsupported = !member(golden, "required").as_bool() && has_unknown_layer(golden);
    } catch (const std::exception& e) {
        broken = e.what();
    }
    for (const document& range : member(entry, "applies_to").items()) {
        if (unsupported) {
            report(sums, name, range.as_string(), std::nullopt);
            continue;
        }
        comparison result;
        const std::string_view version = version_for(range.as_string());
        if (!broken.empty() || version.empty()) {
            result.fail(broken.empty() ? "the versions are unknown" : broken);
        } else {
            try {
                result = run_golden(golden, version);
            } catch (const std::exception& e) {
                result.fail(e.what());
            }
        }
        report(sums, name, range.as_string(), result);
    }
}

} // namespace

int main(int count, char** words) {
    const char* given = std::getenv("MEND_GOLDENS_DIR");
    const std::string folder =
        given != nullptr && *given != '\0'
            ? std::string(given)
            : std::string(build_facts::source_folder) + "/tests/goldens/vectors";
    const std::vector<std::string> parts(words + 1, words + count);
    totals sums;
    std::size_t goldens = 0;
    try {
        if (!std::filesystem::is_directory(folder)) {
            throw mend::file_error(folder, "is not a folder");
        }
        const std::string path = folder + "/index.json";
        const document index = mend::parse_json(mend::read_text_file(path), path);
        if (!index.is_array() || index.size() == 0) {
            throw mend::file_error(path, "is not a list of goldens");
        }
        std::printf("%-11s %-14s %-48s %s\n", "result", "keras", "name", "worst error");
        for (const document& entry : index.items()) {
            const std::string& name = member(entry, "name").as_string();
            const bool chosen =
                parts.empty() ||
                std::any_of(parts.begin(), parts.end(), [&](const std::string& part) {
                    return name.find(part) != std::string::npos;
                });
            if (chosen) {
                ++goldens;
                run_entry(sums, folder, entry);
            }
        }
    } catch (const std::exception& e) {
        std::fprintf(stderr, "test_goldens: %s\n", e.what());
        return 2;
    }
    std::printf(
        "%zu goldens: %d passed, %d failed, %d unsupported\n",
        goldens,
        sums.passed,
        sums.failed,
        sums.unsupported
    );
    return sums.failed == 0 ? 0 : 1;
}
