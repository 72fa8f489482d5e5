// SPDX-License-Identifier: MIT
#include <string>

#include <doctest/doctest.h>

#include <mend/io/diagnosis_report.hpp>
#include <mend/spec/apply.hpp>

#include "../repair/blobs.hpp"

namespace io_diagnosis_report_tests {

using namespace mend;

namespace {

diagnosis sample_diagnosis() {
    diagnosis made;
    made.training.curve = {{{0.9, 0.5}, {0.8, 0.625}}};
    made.training.checks.at = {{.epoch = 0, .loss = 0.75}};
    finding first{
        "learning_rate",
        "a learning rate of 5 is above",
        {{"learning_rate", 5}},
        "/compile/optimizer/config/learning_rate",
        {},
        0.934,
        false};
    problem faulty = test::blobs_problem(5);
    problem fixed = test::blobs_problem(0.01);
    first.fixes = {diff(faulty, fixed)};
    finding second{"parts_differ", "not scaled alike", {}, "", {}, 0.5, false};
    finding third{"oscillation", "it swings", {{"swings", 4}}, "/fit", {}, 0.04, true};
    made.findings = {first, second, third};
    return made;
}

} // namespace

TEST_CASE("diagnosis report: JSON has every finding with evidence, place, patches and confidence") {
    const dataset data = test::blobs_data();
    const document out = diagnosis_document(sample_diagnosis(), "p", data, 3);
    CHECK(out.find("problem")->as_string() == "p");
    CHECK(out.find("data")->as_string() == data.name);
    CHECK(out.find("training")->find("validation")->find("metric")->as_number() == 0.625);
    CHECK(out.find("training")->find("signals")->find("check/0/loss")->as_number() == 0.75);
    const document& findings = *out.find("findings");
    REQUIRE(findings.size() == 3);
    const document& first = findings.items()[0];
    CHECK(first.find("code")->as_string() == "learning_rate");
    CHECK(first.find("confidence")->as_number() == 0.934);
    CHECK(first.find("evidence")->find("learning_rate")->as_number() == 5);
    const document& fix = first.find("fixes")->items()[0];
    CHECK(fix.find("patch")->is_array());
    CHECK(fix.find("patch_text")->items()[0].as_string() == "optimizer.learning_rate: 5 -> 0.01");
    CHECK(
        apply(test::blobs_problem(5), patch_from(*fix.find("patch"))) == test::blobs_problem(0.01)
    );
    CHECK(findings.items()[2].find("dynamic")->as_bool());
}

TEST_CASE("diagnosis report: text shows what matters, the most likely first") {
    const std::string text = diagnosis_text(sample_diagnosis(), "p", test::blobs_data());
    const std::size_t rate = text.find(" 93 %  a learning rate of 5 is above");
    const std::size_t parts = text.find(" 50 %  not scaled alike");
    REQUIRE(rate != std::string::npos);
    REQUIRE(parts != std::string::npos);
    CHECK(rate < parts);
    CHECK(text.find("/compile/optimizer/config/learning_rate") != std::string::npos);
    CHECK(text.find("parts_differ, in the data") != std::string::npos);
    CHECK(text.find("try  optimizer.learning_rate: 5 -> 0.01") != std::string::npos);
    CHECK(text.find("it swings") == std::string::npos);
    CHECK(text.find("1 less likely finding more") != std::string::npos);
    diagnosis none;
    none.untrainable = "the output has 1 number";
    const std::string bare = diagnosis_text(none, "p", test::blobs_data());
    CHECK(bare.find("impossible: the output has 1 number") != std::string::npos);
    CHECK(bare.find("nothing suspicious") != std::string::npos);
}

} // namespace io_diagnosis_report_tests
