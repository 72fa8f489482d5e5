// SPDX-License-Identifier: MIT
// The shipped faults: what they say fits together.
#include "catalogue.hpp"

#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/fault/configuration.hpp>
#include <mend/fault/profile.hpp>
#include <mend/space/fix_space.hpp>
#include <mend/spec/apply.hpp>
#include <mend/spec/diff.hpp>
#include <mend/spec/difference.hpp>
#include <mend/spec/validate.hpp>

namespace io_catalogue_tests {

namespace {

using namespace mend;

/// The point of a space that comes closest to a problem: optimizer and learning rate are the
/// problem's, then each dimension in turn takes the value that leaves the fewest differences.
point nearest(const fix_space& fixes, const problem& wanted) {
    const space& over = fixes.over();
    std::vector<double> raw = over.default_point()->raw();
    const double rate = wanted.compile.optimizer.learning_rate();
    for (std::size_t i = 0; i < over.size(); ++i) {
        const parameter& p = over.parameters()[i];
        raw[i] = std::isnan(raw[i]) ? p.low : raw[i]; // should it come to exist
        raw[i] = !p.is_discrete() && p.contains(rate) ? rate : raw[i];
        if (p.name == "optimizer") {
            raw[i] = p.find_raw(wanted.compile.optimizer.class_name()).value_or(raw[i]);
        }
    }
    const auto differences = [&] { return complexity(wanted, fixes.apply(over.make_point(raw))); };
    std::size_t fewest = differences();
    for (std::size_t i = 0; i < over.size() && fewest > 0; ++i) {
        const parameter& p = over.parameters()[i];
        double best = raw[i];
        for (double value = p.low;
             p.is_discrete() && p.name != "optimizer" && value <= p.high && fewest > 0;
             ++value) {
            raw[i] = value;
            if (const std::size_t now = differences(); now < fewest) {
                fewest = now;
                best = value;
            }
        }
        raw[i] = best;
    }
    return over.make_point(std::move(raw));
}

/// What is to be predicted, without reading any data.
answers answers_of_fault(const fault& f) {
    const std::map<std::string, answers> known{
        {"D7", {0, 1}}, {"D8", {0, 20}}, {"48221692", {0, 1}}, {"D1", {2, 2}}, {"068", {2, 2}}};
    if (const auto at = known.find(f.id); at != known.end()) {
        return at->second;
    }
    const inference shapes = infer_shapes(f.problem.model);
    const int outputs = static_cast<int>(shapes.layers.back().output.back());
    return {outputs, outputs};
}

const document& member(const document& of, std::string_view key) {
    const document* found = of.find(key);
    REQUIRE(found != nullptr);
    return *found;
}

} // namespace

TEST_CASE("catalogue: every published fault is there, but those whose data cannot be had") {
    std::set<std::string> ids;
    for (const fault& f : published_faults()) {
        ids.insert(f.id);
        CHECK(f.is_published());
    }
    const std::set<std::string> expected{
        "D1", "D3", "D4", "D5", "D6", "D7", "D8", "D9", "M1",  "M2",  "M3",  "R1",      "R2",
        "R3", "R4", "R5", "R6", "R7", "C1", "C2", "C3", "068", "098", "099", "48221692"};
    CHECK(ids == expected);
    for (const fault& f : own_faults()) {
        CHECK_FALSE(f.is_published());
    }
}

TEST_CASE("catalogue: every problem and its fix fit together, in every profile") {
    for (const auto& faults : {published_faults(), own_faults()}) {
        for (const fault& f : faults) {
            CAPTURE(f.id);
            CHECK_FALSE(f.about.empty());
            for (const char* const profile : {"full", "small", "tiny"}) {
                const fault sized = fault_in_profile(f, profile);
                const problem fixed = apply(sized.problem, sized.fix);
                CHECK(infer_shapes(sized.problem.model).why.empty());
                CHECK(infer_shapes(fixed.model).why.empty());
                CHECK((fixed == sized.problem) == (f.id == "098"));
                CHECK(fault_from(document_of(sized)).fix == sized.fix);
            }
            CHECK(f.repairable == (f.id != "D9" && f.id != "098"));
            CHECK(f.repairable == f.fixed_data.empty());
        }
    }
}

TEST_CASE("catalogue: the root of a published graph is the faulty problem") {
    for (const fault& f : published_faults()) {
        CAPTURE(f.id);
        const document& root = member(member(member(f.source, "published"), "graph"), "root");
        const problem from_text = configured(f, member(root, "configuration").as_string());
        // Two roots are not the repair study's faults (section "note" of the files).
        if (f.id == "C3") {
            CHECK(lines(f.problem, from_text).size() == 1);
            CHECK(lines(f.problem, from_text)[0].find("ones -> zeros") != std::string::npos);
        } else if (f.id == "R5") {
            CHECK(from_text.compile.optimizer.learning_rate() == 0.001);
        } else if (f.id == "099") {
            CHECK(from_text == f.problem); // epochs=200 there, of which one is trained
        } else {
            CHECK(from_text == f.problem);
        }
    }
}

TEST_CASE("catalogue: every fix that the study's space holds is a point of it") {
    // Epochs far from the faulty ones, batches of 500 or 200, a penalty: outside the published
    // space.
    const std::set<std::string> outside{"D3", "D5", "D6", "D9", "R1", "C2"};
    for (const fault& f : published_faults()) {
        CAPTURE(f.id);
        const problem fixed = apply(f.problem, f.fix);
        const fix_space fixes = make_fix_space(f.problem, answers_of_fault(f), *f.space);
        CHECK(fixes.apply(*fixes.over().default_point()) == f.problem);
        std::size_t wanted = 0;
        for (const study_dimension& d : f.space->dimensions) {
            wanted += !d.frozen && !d.edits.empty();
        }
        CHECK(fixes.over().size() == wanted);
        const problem reached = fixes.apply(nearest(fixes, fixed));
        CHECK((complexity(reached, fixed) == 0) == !outside.contains(f.id));
    }
}

TEST_CASE("catalogue: mend's own space reaches every fix, but for dear epochs and odd batches") {
    // What remains different: batches of 500 or 200 are no power of two; more than four times the
    // epochs would cost more than a fifth of the usual budget for one trial.
    const std::map<std::string, std::size_t> remaining{
        {"D3", 2}, {"D5", 2}, {"D6", 1}, {"D9", 1}, {"C2", 1}};
    for (const auto& faults : {published_faults(), own_faults()}) {
        for (const fault& f : faults) {
            CAPTURE(f.id);
            const problem fixed = apply(f.problem, f.fix);
            const fix_space fixes = make_fix_space(f.problem, answers_of_fault(f));
            const problem reached = fixes.apply(nearest(fixes, fixed));
            const auto at = remaining.find(f.id);
            CAPTURE(lines(reached, fixed).size() > 0 ? lines(reached, fixed)[0] : "");
            CHECK(complexity(reached, fixed) == (at == remaining.end() ? 0 : at->second));
        }
    }
}

TEST_CASE("catalogue: a study's epochs are the published grid") {
    const auto epochs = [](const char* id) {
        for (const fault& f : published_faults()) {
            if (f.id == id) {
                return f.space->epochs(f.problem.fit.epochs);
            }
        }
        return std::vector<std::int64_t>{};
    };
    using grid = std::vector<std::int64_t>;
    CHECK(epochs("D1") == grid{1, 2});
    CHECK(epochs("D3") == grid{4, 5, 6, 8, 10, 12, 14, 17, 20});
    CHECK(epochs("M1") == grid{5, 6, 8, 10, 12, 14, 17, 20, 24}); // quotients above 5
    CHECK(epochs("R1") == grid{3, 4, 5, 6});
    CHECK(epochs("C2") == grid{1, 2});
}

} // namespace io_catalogue_tests
