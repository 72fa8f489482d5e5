// SPDX-License-Identifier: MIT
// The acceptance tests of the specification of AutoTrainer's detection.
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include <doctest/doctest.h>

#include <mend/repair/autotrainer_rules.hpp>

#include "autotrainer_series.hpp"

namespace repair_autotrainer_rules_tests {

using namespace mend;

namespace {

const double nan_number = std::numeric_limits<double>::quiet_NaN();

autotrainer_rules icse() { return {}; }

autotrainer_rules extended() { return {.profile = autotrainer_profile::extended}; }

/// A training that shows the same at every check.
struct watched {
    judged_problem about{100, 3, "categorical_crossentropy", "softmax", true};
    training_check check = healthy_check();
    std::vector<double> train{};
    std::vector<double> validation{};
    double loss = 1;

    static training_check healthy_check() {
        training_check c{.zero_gradients = 0, .output_size = 1};
        c.layers.resize(3);
        for (layer_check& l : c.layers) {
            l.kernel_gradient = 0.1;
            l.mean_absolute = 0.5;
        }
        return c;
    }

    watched& kernels(double first, double last) {
        check.layers[0].kernel_gradient = first;
        check.layers[2].kernel_gradient = last;
        return *this;
    }

    watched& accuracy(std::vector<double> both) {
        train = both;
        validation = std::move(both);
        return *this;
    }

    [[nodiscard]] training_curve curve(std::size_t epochs) const {
        training_curve made;
        for (std::size_t e = 0; e < epochs; ++e) {
            made.push_back({{loss, train.at(e)}, {loss, validation.at(e)}});
        }
        return made;
    }

    [[nodiscard]] std::optional<autotrainer_verdict>
    judged_by(const autotrainer_rules& rules, std::size_t epochs) const {
        training_checks checks;
        for (std::size_t e = 0; e < epochs; e += static_cast<std::size_t>(rules.interval)) {
            checks.at.push_back(check);
            checks.at.back().epoch = static_cast<std::int64_t>(e);
        }
        return judge(rules, about, curve(epochs), checks);
    }

    [[nodiscard]] std::optional<symptom>
    shows(const autotrainer_rules& rules = icse(), std::size_t epochs = 31) const {
        const auto found = judged_by(rules, epochs);
        return found ? std::optional(found->what) : std::nullopt;
    }
};

std::vector<double> flat(double accuracy, std::size_t epochs = 101) {
    return std::vector<double>(epochs, accuracy);
}

/// 0.30, rising by 0.02 every second epoch up to 0.5.
std::vector<double> slowly_rising() {
    std::vector<double> all;
    for (int e = 0; e < 101; ++e) {
        all.push_back(std::min(0.3 + 0.02 * (e / 2), 0.5));
    }
    return all;
}

watched low() {
    watched w;
    w.accuracy(slowly_rising());
    return w;
}

} // namespace

TEST_CASE("AutoTrainer: a vanishing gradient needs both a small ratio and a small norm") {
    CHECK(low().kernels(5e-5, 0.1).shows() == symptom::vanishing_gradient);
    CHECK(low().kernels(5e-5, 0.04).shows() == std::nullopt);
    CHECK(low().kernels(2e-4, 1.0).shows() == std::nullopt);
}

TEST_CASE("AutoTrainer: an exploding gradient needs a ratio above 70") {
    CHECK(low().kernels(7.1, 0.1).shows() == symptom::exploding_gradient);
    CHECK(low().kernels(6.9, 0.1).shows() == std::nullopt);
    CHECK(low().kernels(0.0, 0.0).shows() == std::nullopt);
    CHECK(low().kernels(0.5, 0.0).shows() == symptom::exploding_gradient);
}

TEST_CASE("AutoTrainer: ReLUs die where 70 % of all gradient entries are 0, and that goes first") {
    watched w = low();
    w.check.zero_gradients = 0.70;
    CHECK(w.shows() == symptom::dying_relu);
    CHECK(w.kernels(7.1, 0.1).shows() == symptom::dying_relu);
    w = low();
    w.check.zero_gradients = 0.69;
    CHECK(w.shows() == std::nullopt);
}

TEST_CASE("AutoTrainer: nothing is judged by accuracy before 30 % of the epochs") {
    const watched w = low().kernels(5e-5, 0.1);
    CHECK(w.shows(icse(), 28) == std::nullopt);
    CHECK(w.judged_by(icse(), 31) == autotrainer_verdict{symptom::vanishing_gradient, 30});
    CHECK(w.shows(extended(), 28) == std::nullopt);
    CHECK(w.judged_by(extended(), 101) == autotrainer_verdict{symptom::vanishing_gradient, 51});

    // First checks at which the rules on accuracy can fire.
    struct row {
        std::int64_t epochs;
        std::int64_t first;
    };

    for (const row& r : {row{300, 90}, row{200, 60}, row{100, 30}, row{50, 15}, row{15, 6}}) {
        watched stuck;
        stuck.about.epochs = r.epochs;
        stuck.accuracy(flat(0.5, 301));
        const auto found = stuck.judged_by(icse(), static_cast<std::size_t>(r.epochs));
        REQUIRE(found.has_value());
        CHECK(*found == autotrainer_verdict{symptom::slow_convergence, r.first});
    }
}

TEST_CASE("AutoTrainer: low accuracy is that of either part in one profile, of both in the other") {
    watched w = watched().kernels(5e-5, 0.1);
    for (int e = 0; e < 101; ++e) {
        w.validation.push_back(std::min(0.3 + 0.05 * e, 0.75));
        w.train.push_back(std::min(0.3 + 0.05 * e, 0.65));
    }
    CHECK(w.shows(icse(), 101) == symptom::vanishing_gradient);
    CHECK(w.shows(extended(), 101) == std::nullopt);
}

TEST_CASE("AutoTrainer: a NaN is reported at once, or one check late") {
    training_checks checks;
    checks.failure = failure_point{0, 5, breakage::outputs, 1};
    const judged_problem about{100, 3, "categorical_crossentropy", "softmax", true};
    CHECK(
        judge(icse(), about, {}, checks, status::nan) ==
        autotrainer_verdict{symptom::exploding_gradient, 0}
    );
    CHECK(
        judge(extended(), about, {}, checks, status::nan) ==
        autotrainer_verdict{symptom::activation, 3}
    );
    checks.failure->what = breakage::loss;
    checks.failure->layer = -1;
    CHECK(
        judge(extended(), about, {}, checks, status::diverged) ==
        autotrainer_verdict{symptom::exploding_gradient, 3}
    );
    // In the middle of epoch 4: the check that sees it would be that after epoch 6.
    watched w = low();
    checks.at.assign(2, w.check);
    checks.at[0].epoch = 0;
    checks.at[1].epoch = 3;
    CHECK(
        judge(icse(), about, w.curve(4), checks, status::nan) ==
        autotrainer_verdict{symptom::exploding_gradient, 6}
    );
    w.loss = nan_number;
    CHECK(w.judged_by(icse(), 1) == autotrainer_verdict{symptom::exploding_gradient, 0});
}

TEST_CASE("AutoTrainer: a large loss is none to one profile and no symptom alone to the other") {
    watched w;
    w.accuracy(flat(0.9));
    w.train.clear();
    w.validation.clear();
    for (int e = 0; e < 101; ++e) {
        w.train.push_back(std::min(0.5 + 0.02 * e, 0.9));
        w.validation.push_back(std::min(0.5 + 0.02 * e, 0.9));
    }
    w.loss = 2e3;
    CHECK(w.shows(icse(), 101) == std::nullopt);
    CHECK(w.shows(extended(), 101) == std::nullopt);
    w.loss = 2e5;
    CHECK(w.shows(icse(), 101) == symptom::exploding_gradient);
    w.loss = -1;
    CHECK(w.shows(extended(), 101) == symptom::loss);
    CHECK(w.shows(icse(), 101) == std::nullopt);
}

TEST_CASE("AutoTrainer: the published training oscillates, in the profiles' own time") {
    watched w;
    w.about.epochs = 200;
    w.train = test::published_train_accuracy();
    w.validation = test::published_validation_accuracy();
    autotrainer_rules published = icse();
    published.low_accuracy = 0.6;
    CHECK(w.judged_by(published, 58) == std::nullopt);
    CHECK(w.judged_by(published, 61) == autotrainer_verdict{symptom::oscillating_loss, 60});
    CHECK(w.judged_by(icse(), 61) == std::nullopt);
    for (std::size_t e = 0; w.train.size() < 200; ++e) {
        w.train.push_back(w.train[e]);
        w.validation.push_back(w.validation[e]);
    }
    CHECK(w.judged_by(extended(), 200) == autotrainer_verdict{symptom::oscillating_loss, 102});
}

TEST_CASE("AutoTrainer: slow is what never gains a hundredth, however good it is") {
    std::vector<double> creeping;
    for (int e = 0; e < 101; ++e) {
        creeping.push_back(std::min(0.85 + 0.0009 * e, 0.9));
    }
    watched w;
    w.accuracy(creeping);
    CHECK(w.shows(icse(), 101) == symptom::slow_convergence);
    CHECK(w.shows(extended(), 101) == std::nullopt);
    w.accuracy(flat(0.5));
    CHECK(w.shows(extended(), 101) == symptom::slow_convergence);

    w.accuracy(creeping);
    w.train[10] = w.train[9] + 0.012;
    CHECK(w.shows(icse(), 101) == std::nullopt);

    std::vector<double> falling = flat(0.9);
    for (std::size_t e = 5; e < falling.size(); ++e) {
        falling[e] = 0.6;
    }
    w.accuracy(falling);
    CHECK(w.shows(icse(), 101) == symptom::slow_convergence);
}

TEST_CASE("AutoTrainer: outputs that are no shares mean a wrong activation") {
    watched w = low();
    w.about.activation = "relu";
    w.check.output_size = 2.3;
    CHECK(w.shows(extended(), 101) == symptom::activation);
    CHECK(w.shows(icse(), 101) == std::nullopt);
    w = low();
    w.check.bad_outputs = 1;
    CHECK(w.shows(extended(), 101) == symptom::activation);
}

TEST_CASE("AutoTrainer: a loss that does not go with the outputs is a symptom by itself") {
    watched w;
    for (int e = 0; e < 101; ++e) {
        w.train.push_back(std::min(0.5 + 0.02 * e, 0.9));
    }
    w.validation = w.train;
    w.about.loss = "mean_squared_error";
    CHECK(w.judged_by(extended(), 101) == autotrainer_verdict{symptom::loss, 51});
    w.about.loss = "sparse_categorical_crossentropy";
    CHECK(w.shows(extended(), 101) == std::nullopt);
}

TEST_CASE("AutoTrainer: large outputs of hidden layers mean abnormal data") {
    watched w = low();
    w.about = {100, 1, "binary_crossentropy", "sigmoid", true};
    w.check.layers[0].mean_absolute = 12;
    CHECK(w.shows(extended(), 101) == symptom::abnormal_data);
    w.check.layers[0].mean_absolute = 9.9;
    w.check.layers[2].mean_absolute = 12; // the output's own does not count
    CHECK(w.shows(extended(), 101) == std::nullopt);
}

TEST_CASE("AutoTrainer: of several symptoms the most urgent one is treated") {
    using enum symptom;
    CHECK(most_urgent({oscillating_loss, abnormal_data}) == abnormal_data);
    CHECK(most_urgent({vanishing_gradient, loss}) == loss);
    CHECK(most_urgent({slow_convergence, exploding_gradient}) == exploding_gradient);
    CHECK(most_urgent({exploding_gradient, dying_relu}) == exploding_gradient);
    CHECK(most_urgent({overfitting}) == overfitting);
}

TEST_CASE("AutoTrainer: checks are every third epoch, and only those") {
    const watched w = low().kernels(5e-5, 0.1);
    training_checks checks;
    for (const std::int64_t epoch : {-1, 0, 3, 6, 7, 9}) {
        checks.at.push_back(w.check);
        checks.at.back().epoch = epoch;
    }
    judged_problem about = w.about;
    about.epochs = 10;
    CHECK(
        judge(icse(), about, w.curve(10), checks) ==
        autotrainer_verdict{symptom::vanishing_gradient, 3}
    );
    // Where a check is missing nothing is said from there on.
    about.epochs = 100;
    CHECK(judge(icse(), about, w.curve(61), checks) == std::nullopt);
    // A score that is no accuracy leaves the rules on accuracy silent.
    about.epochs = 10;
    about.has_accuracy = false;
    CHECK(judge(icse(), about, w.curve(10), checks) == std::nullopt);
}

} // namespace repair_autotrainer_rules_tests
