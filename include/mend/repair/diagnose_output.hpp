// SPDX-License-Identifier: MIT
/// Do the model's last activation, its width, the loss and the data fit each other? Rules of common
/// practice, as NeuraLint (Nikanjam et al., TOSEM 2021), UMLAUT (Schoop et al., CHI 2021) and
/// DeepDiagnosis (Wardat et al., ICSE 2022) check them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <mend/core/text.hpp>
#include <mend/repair/data_facts.hpp>
#include <mend/repair/finding.hpp>
#include <mend/spec/layer.hpp>
#include <mend/spec/outline.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/validate.hpp>

namespace mend::detail {

[[nodiscard]] inline bool
is_one_of(std::string_view name, std::initializer_list<const char*> list) {
    for (const char* known : list) {
        if (name == known) {
            return true;
        }
    }
    return false;
}

class output_check {
public:
    output_check(finding_list& into, const data_facts& facts)
        : into_(into)
        , facts_(facts)
        , faulty_(into.faulty())
        , layers_(outline(faulty_.model)) {}

    void run() {
        const inference shapes = infer_shapes(faulty_.model);
        if (layers_.empty() || !shapes.why.empty()) {
            return;
        }
        last_ = layers_.back();
        width_ = element_count(shapes.layers.back().output);
        place_ = into_.layer(last_.activation, "activation");
        stacked();
        if (facts_.is_classification()) {
            check_width();
            if (width_ >= good_width()) {
                classes_activation();
                classes_loss();
            }
        } else {
            numbers_activation();
            numbers_loss();
        }
    }

private:
    /// What goes well with the data: width, activation and loss of the output.
    [[nodiscard]] std::int64_t good_width() const {
        return facts_.is_classification() && !(facts_.classes == 2 && width_ == 1)
                   ? facts_.classes
                   : (facts_.is_classification() ? 1 : facts_.outputs);
    }

    [[nodiscard]] std::string good_activation() const {
        return !facts_.is_classification() ? "linear" : good_width() == 1 ? "sigmoid" : "softmax";
    }

    [[nodiscard]] std::string good_loss() const {
        if (!facts_.is_classification()) {
            return "mean_squared_error";
        }
        return good_width() == 1 ? "binary_crossentropy"
               : faulty_.compile.loss.name == "sparse_categorical_crossentropy"
                   ? "sparse_categorical_crossentropy"
                   : "categorical_crossentropy";
    }

    void set_width(problem& p) const {
        if (auto* dense = get_if<dense_spec>(&p.model.layers[last_.layer].kind)) {
            dense->units = good_width();
        }
    }

    void set_output(problem& p) const { set_activation(p.model, last_, good_activation()); }

    void set_loss(problem& p) const { p.compile.loss = loss_spec{.name = good_loss()}; }

    /// Activation alone, loss alone, and whatever of width, activation and loss differs.
    void suggest_output(finding& to, bool activation_first) const {
        const auto one = [this](problem& p) { set_output(p); };
        const auto other = [this](problem& p) { set_loss(p); };
        const auto all = [this](problem& p) {
            set_width(p);
            set_output(p);
            set_loss(p);
        };
        const bool both = last_.function != good_activation() && !fits_loss();
        if (both || width_ != good_width()) {
            into_.suggest(to, all);
        }
        if (width_ != good_width()) {
            return;
        }
        if (activation_first) {
            into_.suggest(to, one);
            into_.suggest(to, other);
        } else {
            into_.suggest(to, other);
            into_.suggest(to, one);
        }
        into_.suggest(to, all);
    }

    [[nodiscard]] bool fits_loss() const {
        const std::string& loss = faulty_.compile.loss.name;
        return loss == good_loss() || (width_ > 1 && is_one_of(
                                                         loss,
                                                         {"categorical_crossentropy",
                                                          "sparse_categorical_crossentropy",
                                                          "kullback_leibler_divergence"}
                                                     ));
    }

    [[nodiscard]] bool is_cross_entropy() const {
        return faulty_.compile.loss.name.ends_with("crossentropy");
    }

    /// A softmax after a softmax, and other functions one after another at the output.
    void stacked() {
        if (last_.layer == last_.activation || last_.own == "linear" || last_.own.empty()) {
            return;
        }
        finding& f = into_.add(
            "stacked_output",
            0.55,
            into_.layer(last_.layer, "activation"),
            "the output goes through " + last_.own + " and then through " + last_.function
        );
        into_.suggest(f, [this](problem& p) {
            *find_activation_setting(p.model.layers[last_.layer]) = "linear";
        });
    }

    void check_width() {
        if (width_ == good_width() || (width_ == 1 && facts_.classes == 2)) {
            return;
        }
        const bool narrow = width_ < facts_.classes;
        finding& f = into_.add(
            "output_width",
            narrow ? 0.97 : 0.25,
            into_.layer(last_.layer, "units"),
            "the output has " + counted(width_, "number") + ", the data has " +
                counted(facts_.classes, "class", "classes")
        );
        f.evidence = {
            {"width", static_cast<double>(width_)},
            {"classes", static_cast<double>(facts_.classes)}};
        suggest_output(f, true);
    }

    void classes_activation() {
        const std::string& name = last_.function;
        const loss_spec& loss = faulty_.compile.loss;
        if (width_ == 1 && is_one_of(name, {"softmax"})) {
            finding& f =
                into_.add("output_activation", 0.985, place_, "softmax of one number is always 1");
            suggest_output(f, true);
            return;
        }
        if (loss.from_logits && is_cross_entropy()) {
            if (is_one_of(name, {"softmax", "sigmoid"})) {
                finding& f = into_.add(
                    "loss_from_logits",
                    0.55,
                    into_.loss(),
                    "the loss takes logits, but the output is a " + name
                );
                into_.suggest(f, [](problem& p) { p.compile.loss.from_logits = false; });
            }
            return;
        }
        if (name == good_activation() || (width_ > 1 && name == "sigmoid" && !is_categorical())) {
            return;
        }
        const bool hinge = loss.name.find("hinge") != std::string::npos;
        if (hinge && is_one_of(name, {"linear", "tanh"})) {
            return; // they fit each other; the loss is another matter
        }
        // A cross-entropy of what is no probability has no gradient where it is clipped.
        const double confidence = !is_cross_entropy()      ? 0.6
                                  : name == "sigmoid"      ? 0.35
                                  : name == "hard_sigmoid" ? 0.6
                                                           : 0.93;
        finding& f = into_.add(
            "output_activation",
            confidence,
            place_,
            "the output for " + counted(facts_.classes, "class", "classes") + " is " + name +
                ", not " + good_activation()
        );
        suggest_output(f, true);
    }

    [[nodiscard]] bool is_categorical() const {
        return faulty_.compile.loss.name.find("categorical") != std::string::npos;
    }

    void classes_loss() {
        const std::string& loss = faulty_.compile.loss.name;
        if (fits_loss()) {
            return;
        }
        double confidence = 0.5; // it pulls at the right answer, but weakly where that is far
        std::string why = "is not made for class labels";
        if (width_ == 1 && is_categorical() && loss != "categorical_hinge") {
            confidence = 0.97;
            why = "of one output is always 0";
        } else if (loss == "binary_crossentropy") {
            confidence = 0.2;
            why = "treats the classes as independent";
        } else if (is_one_of(loss, {"mean_absolute_percentage_error"})) {
            confidence = 0.9;
            why = "divides by labels that are 0";
        } else if (is_one_of(loss, {"mean_absolute_error", "cosine_similarity"})) {
            confidence = 0.65;
        } else if (is_one_of(loss, {"hinge", "squared_hinge"})) {
            confidence = 0.8;
            why = "wants labels -1 and 1";
        } else if (loss == "categorical_hinge") {
            confidence = 0.45;
        }
        finding& f = into_.add("loss", confidence, into_.loss(), loss + " " + why);
        f.evidence = {{"classes", static_cast<double>(facts_.classes)}};
        suggest_output(f, false);
    }

    void numbers_activation() {
        const std::string& name = last_.function;
        double low = -std::numeric_limits<double>::infinity();
        double high = std::numeric_limits<double>::infinity();
        if (is_one_of(name, {"sigmoid", "hard_sigmoid", "softmax"})) {
            low = 0;
            high = 1;
        } else if (is_one_of(name, {"tanh", "softsign"})) {
            low = -1;
            high = 1;
        } else if (is_one_of(name, {"relu", "softplus", "exponential"})) {
            low = 0;
        } else if (name == "relu6") {
            low = 0;
            high = 6;
        }
        const double slack = 1e-6;
        const bool outside = facts_.target_low < low - slack || facts_.target_high > high + slack;
        const bool one_softmax = name == "softmax" && width_ == 1;
        const bool suspicious = name == "softmax" || (name != "linear" && facts_.label_factor == 0);
        if (!outside && !one_softmax && !suspicious) {
            return;
        }
        finding& f = into_.add(
            "output_activation",
            one_softmax ? 0.985
            : outside   ? 0.95
                        : (name == "softmax" ? 0.4 : 0.12),
            place_,
            one_softmax ? "softmax of one number is always 1"
            : outside   ? "the output is " + name + ", which cannot reach targets from " +
                            short_text(facts_.target_low) + " to " + short_text(facts_.target_high)
                      : "the output for numbers is " + name + ", not linear"
        );
        f.evidence = {{"target_low", facts_.target_low}, {"target_high", facts_.target_high}};
        into_.suggest(f, [this](problem& p) { set_output(p); });
    }

    void numbers_loss() {
        const std::string& loss = faulty_.compile.loss.name;
        const bool in_unit = facts_.target_low >= 0 && facts_.target_high <= 1;
        double confidence = 0;
        std::string why;
        if (loss.ends_with("crossentropy") || loss == "kullback_leibler_divergence") {
            confidence = in_unit ? 0.15 : 0.95;
            why = "is for shares between 0 and 1";
        } else if (loss.find("hinge") != std::string::npos) {
            confidence = 0.85;
            why = "is for classes -1 and 1";
        } else if (loss == "poisson" || loss == "mean_squared_logarithmic_error") {
            confidence = facts_.target_low < 0 ? 0.9 : 0.2;
            why = "is for counts, the targets start at " + short_text(facts_.target_low);
        } else if (loss == "mean_absolute_percentage_error") {
            confidence = facts_.target_low <= 0 && facts_.target_high >= 0 ? 0.5 : 0.2;
            why = "divides by targets that come near 0";
        } else if (loss == "cosine_similarity") {
            confidence = width_ == 1 ? 0.95 : 0.4;
            why = "does not see the size of the answer";
        } else {
            return;
        }
        finding& f = into_.add("loss", confidence, into_.loss(), loss + " " + why);
        f.evidence = {{"target_low", facts_.target_low}, {"target_high", facts_.target_high}};
        into_.suggest(f, [this](problem& p) { set_loss(p); });
        into_.suggest(f, [this](problem& p) {
            set_loss(p);
            set_output(p);
        });
    }

    finding_list& into_;
    const data_facts& facts_;
    const problem& faulty_;
    std::vector<outlined_layer> layers_;
    outlined_layer last_;
    std::int64_t width_ = 0;
    std::string place_;
};

} // namespace mend::detail
