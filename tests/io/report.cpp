// SPDX-License-Identifier: MIT
#include <limits>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <mend/io/repair_html.hpp>
#include <mend/io/report.hpp>
#include <mend/io/train_report.hpp>
#include <mend/spec/diff.hpp>

namespace io_report_tests {

namespace {

using nlohmann::json;

mend::problem problem(double rate) {
    mend::problem p;
    p.model.input_shape = {2};
    p.model.layers = {{mend::dense_spec{.units = 2, .activation = "softmax"}}};
    p.compile.optimizer.kind = mend::sgd_spec{.learning_rate = rate};
    p.compile.loss.name = "categorical_crossentropy";
    return p;
}

// A repair that changed a learning rate, with one failed and two good trials.
mend::repair_result result() {
    mend::repair_result r;
    const mend::space over = mend::space().real("learning_rate", 0, 10);
    r.fixed = problem(0.1);
    r.patch = mend::diff(problem(5), r.fixed);
    r.complexity = 1;
    r.faulty = {{0.1, 0.2, 0.1, 0.2, 0.15}, {0.1, 0.1, 0.1, 0.1, 0.1}, {}};
    r.patched = {{0.9, 0.91, 0.92, 0.93, 0.94}, {0.9, 0.9, 0.9, 0.9, 0.9}, {}};
    r.comparison = {mend::verdict::improved, 1.0 / 252};
    for (const double value : {-0.1, -0.9}) {
        mend::trial t;
        t.proposal.at = over.make_point(std::vector<double>{5 + value});
        t.outcome.values = {value};
        r.study.trials.push_back(t);
    }
    mend::trial failed;
    failed.proposal.at = over.make_point(std::vector<double>{10});
    failed.outcome = mend::failure(mend::status::nan, 0.5);
    r.study.trials.push_back(failed);
    r.study.best = 1;
    r.study.cost = 2.5;
    mend::finding f;
    f.code = "learning_rate";
    f.what = "a step of 5 <is> far too large";
    f.evidence = {{"updates", 3}};
    f.fixes = {r.patch};
    f.confidence = 0.9;
    r.evidence.findings = {f};
    r.evidence.tried = {
        {.trials = {0}, .fidelity = 1, .cost = 1, .score = 0.1, .whole = {0.1}},
        {.changes = {"optimizer.learning_rate: 5 -> 0.1"},
         .trials = {1, 3},
         .fidelity = 1,
         .cost = 2,
         .score = 0.9,
         .whole = {0.9, 0.8},
         .end = mend::candidate_end::chosen},
        {.changes = {"optimizer.learning_rate: 5 -> 10"},
         .trials = {2},
         .cost = 0.5,
         .failures = 1,
         .status = mend::status::nan,
         .end = mend::candidate_end::failed}};
    r.evidence.confirmation = {{0.1}, {0.9, 0.8}, 0.2};
    mend::problem other = problem(5);
    other.compile.optimizer.kind = mend::adam_spec{};
    r.evidence.runners_up = {{mend::diff(problem(5), other), 2, 1, {0.7, 0.72}}};
    r.report_trainings = 10;
    return r;
}

const mend::report_heading heading{"broken <1>", "random", "mend", 7, 2};

mend::dataset blobs() {
    mend::dataset data;
    data.name = "blobs";
    data.classes = 2;
    return data;
}

} // namespace

TEST_CASE("report: the JSON of a repair has what scripts rely on") {
    const json out = json::parse(mend::to_json(mend::repair_document(result(), blobs(), heading)));
    CHECK(out["technique"] == "random");
    CHECK(out["seed"] == 7);
    CHECK(out["data"] == "blobs");
    CHECK(out["metric"]["name"] == "accuracy");
    CHECK(out["faulty"]["validation"]["mean"].get<double>() == doctest::Approx(0.15));
    CHECK(out["patched"]["test"]["std"] == 0.0);
    CHECK(out["patched"]["test"]["n"] == 5);
    CHECK(out["improved"] == true);
    CHECK(out["verdict"] == "improved");
    CHECK(out["patch"][0]["op"] == "replace");
    CHECK(out["patch_text"][0] == "optimizer.learning_rate: 5 -> 0.1");
    CHECK(out["complexity"] == 1);
    CHECK(out["trials"] == 3);
    CHECK(out["trainings"] == 2.5);
}

TEST_CASE("report: the JSON of a repair holds its evidence, whole") {
    const json out = json::parse(mend::to_json(mend::repair_document(result(), blobs(), heading)));
    const json& evidence = out["evidence"];
    CHECK(evidence["findings"][0]["code"] == "learning_rate");
    CHECK(evidence["findings"][0]["fixes"][0]["patch"] == out["patch"]);
    REQUIRE(evidence["tried"].size() == 3);
    CHECK(evidence["tried"][1]["changes"][0] == "optimizer.learning_rate: 5 -> 0.1");
    CHECK(evidence["tried"][1]["trials"] == json::array({1, 3}));
    CHECK(evidence["tried"][1]["whole"] == json::array({0.9, 0.8}));
    CHECK(evidence["tried"][1]["end"] == "chosen");
    CHECK(evidence["tried"][2]["score"].is_null());
    CHECK(evidence["tried"][2]["status"] == "nan");
    CHECK(evidence["tried"][2]["end_text"] == "failed: nan");
    CHECK(evidence["confirmation"]["p"] == 0.2);
    CHECK(evidence["confirmation"]["faulty"] == json::array({0.1}));
    CHECK(evidence["runners_up"][0]["complexity"] == 2);
    CHECK(evidence["runners_up"][0]["patch"][0]["path"] == "/compile/optimizer");
    CHECK(evidence["runners_up"][0]["validation"]["mean"].get<double>() == doctest::Approx(0.71));
}

TEST_CASE("report: what is no number is null in JSON") {
    mend::repair_result r = result();
    r.faulty.test.assign(5, std::numeric_limits<double>::quiet_NaN());
    const json out = json::parse(mend::to_json(mend::repair_document(r, blobs(), heading)));
    CHECK(out["faulty"]["test"]["mean"].is_null());
}

TEST_CASE("report: the text names patch, scores, failures and verdict") {
    const std::string text = mend::repair_text(result(), blobs(), heading);
    for (const char* part :
         {"broken <1> on blobs",
          "3 trials, ",
          "1 nan",
          "1 change\n",
          "optimizer.learning_rate: 5 -> 0.1",
          "0.1000 \u00b1 0.0000",
          "0.9000 \u00b1 0.0000",
          "improved (p = 0.003968)",
          "diagnosed a step of 5 <is> far too large (90 %)",
          "also good 0.7100 \u00b1 0.0141 in validation, after 2 trainings",
          "optimizer: SGD -> Adam"}) {
        CAPTURE(part);
        CHECK(text.find(part) != std::string::npos);
    }
}

TEST_CASE("report: the text tells of candidates that had several trials, and cuts long patches") {
    mend::repair_result r = result();
    r.evidence.tried.pop_back();
    mend::runner_up& other = r.evidence.runners_up[0];
    other.patch.text = {"a", "b", "c", "d", "e", "f", "g"};
    other.fidelity = 1.0 / 3;
    const std::string text = mend::repair_text(r, blobs(), heading);
    CHECK(text.find("tried     2 candidates in 3 trials, ") != std::string::npos);
    CHECK(text.find("after 33 % of its epochs\n            a\n") != std::string::npos);
    CHECK(
        text.find("            e\n            and 2 more changes: see --json\n") !=
        std::string::npos
    );
}

TEST_CASE("report: a repair that found nothing says so") {
    mend::repair_result r = result();
    r.patch = {};
    r.comparison = {};
    const std::string text = mend::repair_text(r, blobs(), heading);
    CHECK(text.find("nothing that was tried did better") != std::string::npos);
    CHECK(text.find("verdict   none\n") != std::string::npos);
}

TEST_CASE("report: the page is whole, shows every candidate, and escapes what it quotes") {
    const std::string page = mend::repair_html(result(), blobs(), heading);
    CHECK(page.starts_with("<!doctype html>"));
    CHECK(page.ends_with("</html>\n"));
    CHECK(page.find("broken &lt;1&gt;") != std::string::npos);
    CHECK(page.find("broken <1>") == std::string::npos);
    std::size_t circles = 0;
    for (auto at = page.find("<circle"); at != std::string::npos;
         at = page.find("<circle", at + 1)) {
        ++circles;
    }
    CHECK(circles == 2); // the failed trial has no score to show
    for (const char* part :
         {"optimizer.learning_rate: 5 -&gt; 10",
          "failed: nan",
          "chosen, after 2 whole trainings",
          "5 &lt;is&gt; far",
          "updates 3",
          "0.8500 \u00b1 0.0707 over 2 trainings against 0.1000 over 1 training, p = 0.2.",
          "Also good",
          "optimizer: SGD -&gt; Adam"}) {
        CAPTURE(part);
        CHECK(page.find(part) != std::string::npos);
    }
    CHECK(page.find("<script") == std::string::npos);
}

TEST_CASE("report: a training's JSON has runs, curves, mean and parameters") {
    mend::training run;
    run.curve = {{{1.0, 0.5}, {}}, {{0.5, 0.8}, {0.6, 0.7}}};
    run.train = run.curve.back().train;
    run.test = {0.7, 0.75};
    run.epochs = 2;
    run.samples = 100;
    run.seconds = 2;
    const std::vector<std::uint64_t> seeds{3, 4};
    const std::vector<mend::training> runs{run, run};
    const mend::score_rule rule{mend::score_kind::accuracy};
    const json out =
        json::parse(mend::to_json(mend::train_document(problem(1), blobs(), rule, seeds, runs)));
    CHECK(out["runs"].size() == 2);
    CHECK(out["runs"][1]["seed"] == 4);
    CHECK(out["runs"][0]["curve"][0]["validation"]["loss"].is_null());
    CHECK(out["mean"] == 0.75);
    CHECK(out["std"] == 0.0);
    CHECK(out["parameters"] == 6);
    CHECK(out["samples_per_second"] == 50.0);
    const std::string text = mend::train_text(problem(1), blobs(), rule, seeds, runs);
    CHECK(text.find("6 parameters") != std::string::npos);
    CHECK(text.find("0.7500 \u00b1 0.0000") != std::string::npos);
}

} // namespace io_report_tests
