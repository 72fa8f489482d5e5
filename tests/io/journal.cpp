// SPDX-License-Identifier: MIT
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <thread>

#include <doctest/doctest.h>

#include <mend/io/journal.hpp>
#include <mend/record/check.hpp>
#include <mend/search/random.hpp>
#include <mend/study/study.hpp>

namespace io_journal_tests {

using namespace mend;
namespace fs = std::filesystem;

namespace {

/// A file in a folder of its own that goes with it.
struct scratch_file {
    fs::path folder = fs::temp_directory_path() / ("mend-journal-" + detail::unique_word());
    fs::path path = folder / "study.log";

    scratch_file() { fs::create_directory(folder); }

    scratch_file(const scratch_file&) = delete;
    scratch_file& operator=(const scratch_file&) = delete;

    ~scratch_file() { fs::remove_all(folder); }

    [[nodiscard]] std::string text() const {
        std::ostringstream all;
        all << std::ifstream(path, std::ios::binary).rdbuf();
        return all.str();
    }

    void write(const std::string& text) const {
        std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
    }
};

space mixed_space() {
    space s;
    s.real("x", -5, 10)
        .real("lr", 1e-6, 10, log_scale)
        .integer("n", 1, 9)
        .categorical("optimizer", {"sgd", "ad\"am\\\n\xF0\x9F\x98\x80"})
        .real("momentum", 0, 1)
        .only_if("optimizer", {"sgd"})
        .ordinal("batch", {16, 32, 64})
        .boolean("bias");
    return s;
}

training_checks checks_with(double value) {
    training_checks seen;
    training_check check{.epoch = 3, .loss = value, .bad_gradients = 2};
    check.layers.resize(2);
    check.layers[1].dead_units = 1.0 / 3;
    check.layers[1].variance = value;
    seen.at = {{.loss = 1}, check};
    seen.failure = failure_point{4, 17, breakage::weights, 1};
    return seen;
}

/// Trials with everything that a file could spoil.
std::vector<trial> awkward_trials() {
    const double inf = std::numeric_limits<double>::infinity();
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const space over = mixed_space();
    std::vector<trial> all;
    for (const double value : {0.1, -1e-308, 1e308, 4.9e-324, -0.0, 1.0 / 3, inf, 2.0}) {
        trial t;
        t.proposal.id = static_cast<std::int64_t>(all.size());
        t.proposal.seed = derived_seed(7, purpose::trial, all.size()) | 1ULL << 63U;
        random_stream stream(3, all.size(), purpose::search);
        t.proposal.at = over.sample(stream);
        t.seconds = 0.125 + value * 1e-310;
        t.outcome.values = {value};
        t.outcome.cost = 0.1 * static_cast<double>(all.size() + 1);
        t.outcome.curve = {{{0.7, 0.5}, {0.1 + 0.2, 0.25}}, {{inf, nan}, {nan, -inf}}};
        t.outcome.signals = {{"z", value}, {"a/0", nan}};
        add_signals(t.outcome.signals, checks_with(value));
        t.outcome.attributes = {
            {"lines", document::array_type{"lr: 1 -> 0.001", "\"quoted\"\t\\"}},
            {"count", 3},
            {"share", 3.0},
            {"nothing", document()}};
        all.push_back(t);
    }
    for (const status s : {status::nan, status::unbuildable, status::out_of_memory}) {
        trial t = all.back();
        t.proposal.id = static_cast<std::int64_t>(all.size());
        t.outcome = failure(s, 0.01);
        all.push_back(t);
    }
    all[5].proposal.fidelity = 1.0 / 9;
    all[6].proposal.continues = 5;
    all[6].proposal.reached = 1.0 / 9;
    all[7].proposal.pairs_with = 0;
    all[7].proposal.patch.edits = {
        {mend::edit_operation::add, "/compile/optimizer/config/learning_rate", 0.1},
        {mend::edit_operation::remove, "/model/config/layers/1"}};
    return all;
}

void write_all(const fs::path& path, const std::vector<trial>& all, journal_options options = {}) {
    journal file(path, mixed_space(), std::move(options));
    CHECK(file.past().empty());
    for (const trial& t : all) {
        file.append(t);
    }
}

std::size_t line_count(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

/// Depends on the proposal alone.
outcome bowl(const proposal& what, const evaluation_context&) {
    random_stream stream(what.seed, 0, purpose::generator);
    const double u = stream.uniform();
    if (u < 0.2) {
        return failure(status::diverged, u);
    }
    outcome made = value_outcome(what.at["x"] * what.at["x"] + u, 0.2 + u);
    made.curve = {{{u, u}, {1 / u, u / 3}}};
    made.signals = {{"norm", u * 1e-9}};
    return made;
}

} // namespace

TEST_CASE("journal: every trial reads back exactly") {
    for (const bool maximize : {false, true}) {
        const scratch_file file;
        const auto all = awkward_trials();
        journal_options options;
        options.maximize = {maximize};
        options.settings = {{"seed", 7}, {"technique", "random"}};
        write_all(file.path, all, options);
        const journal again(file.path, mixed_space(), options);
        CHECK(again.warning().empty());
        REQUIRE(again.past().size() == all.size());
        for (std::size_t i = 0; i < all.size(); ++i) {
            CAPTURE(i);
            CHECK(again.past()[i] == all[i]);
            CHECK(std::signbit(again.past()[i].value()) == std::signbit(all[i].value()));
            CHECK(
                find_checks(again.past()[i].outcome.signals) == find_checks(all[i].outcome.signals)
            );
        }
        CHECK(again.past() == all);
    }
}

TEST_CASE("journal: several objectives keep their directions") {
    const scratch_file file;
    journal_options options;
    options.maximize = {true, false};
    trial t = awkward_trials()[0];
    t.outcome.values = {-0.75, 3};
    write_all(file.path, {t}, options);
    CHECK(file.text().find("\"directions\": [2, 1]") != std::string::npos);
    CHECK(file.text().find("\"values\": [0.75, 3.0]") != std::string::npos);
    CHECK(journal(file.path, mixed_space(), options).past().front() == t);
    options.maximize = {false, false};
    CHECK_THROWS_AS(journal(file.path, mixed_space(), options), file_error);
}

TEST_CASE("journal: a trial is one line, and no lock is left") {
    const scratch_file file;
    journal writing(file.path, mixed_space());
    const std::size_t before = line_count(file.text());
    writing.append(awkward_trials()[0]);
    CHECK(line_count(file.text()) == before + 1);
    CHECK(std::distance(fs::directory_iterator(file.folder), fs::directory_iterator()) == 1);
}

TEST_CASE("journal: cut anywhere, the study goes on and ends as the uninterrupted one") {
    const scratch_file whole_file;
    const space over = mixed_space();
    const auto run = [&](const fs::path& path, std::string& warning) {
        journal file(path, over, {.settings = {{"seed", 5}}});
        warning = file.warning();
        study_options options{.seed = 5, .past = file.past()};
        options.journal = [&](const trial& t) { file.append(t); };
        auto done = run_study(random_search{}, bowl, over, trainings(6), options);
        for (trial& t : done.trials) {
            t.seconds = 0;
        }
        return done.trials;
    };
    std::string warning;
    const auto whole = run(whole_file.path, warning);
    CHECK(warning.empty());
    const std::string text = whole_file.text();
    REQUIRE(whole.size() > 5);

    // At every line, in the middle of it, and around its ends; the header byte by byte.
    std::vector<std::size_t> cuts;
    for (std::size_t from = 0, line = 0; from < text.size(); ++line) {
        const std::size_t end = text.find('\n', from);
        for (std::size_t at = from; line < 2 && at < end; at += 3) {
            cuts.push_back(at);
        }
        for (const std::size_t at : {from, from + 1, from + 11, (from + end) / 2, end}) {
            cuts.push_back(at);
        }
        from = end + 1;
    }
    for (const std::size_t cut : cuts) {
        CAPTURE(cut);
        const scratch_file file;
        file.write(text.substr(0, cut));
        CHECK(run(file.path, warning) == whole);
        CHECK(warning.empty() == (cut == 0 || text[cut - 1] == '\n'));
        CHECK(journal(file.path, over, {.settings = {{"seed", 5}}}).past().size() == whole.size());
    }
}

TEST_CASE("journal: a torn line that another writer leaves meanwhile goes before the next append") {
    const scratch_file file;
    journal writing(file.path, mixed_space());
    const auto all = awkward_trials();
    writing.append(all[0]);
    std::ofstream(file.path, std::ios::app) << R"({"op_code": 4, "worker)";
    writing.append(all[1]);
    CHECK(file.text().find("\"worker{") == std::string::npos);
    CHECK(line_count(file.text()) == 5);
}

TEST_CASE("journal: other studies and other programs' trials in the file are left alone") {
    const scratch_file file;
    // As Optuna 3.1 writes: a deleted study of the same name, another one, a running trial.
    file.write(
        R"({"op_code": 0, "worker_id": "o", "study_name": "mend", "directions": [1]}
{"op_code": 4, "worker_id": "o", "study_id": 0, "datetime_start": "2026-11-23T10:00:00.000000"}
{"op_code": 7, "worker_id": "o", "trial_id": 0, "step": 0, "intermediate_value": NaN}
{"op_code": 1, "worker_id": "o", "study_id": 0}
{"op_code": 0, "worker_id": "o", "study_name": "theirs", "directions": [2]}
{"op_code": 0, "worker_id": "o", "study_name": "theirs", "directions": [2]}
)"
    );
    const std::string before = file.text();
    const auto all = awkward_trials();
    write_all(file.path, all);
    CHECK(file.text().starts_with(before));
    std::ofstream(file.path, std::ios::app)
        << R"({"op_code": 4, "worker_id": "o", "study_id": 2, "datetime_start": null, "state": 4})"
        << "\n";
    const journal again(file.path, mixed_space());
    CHECK(again.past() == all);
    CHECK(again.warning().find("mend did not write") != std::string::npos);
}

TEST_CASE("journal: another search is refused, naming what differs") {
    const scratch_file file;
    journal_options options;
    options.settings = {{"technique", "random"}, {"seed", 7}};
    write_all(file.path, awkward_trials(), options);
    const std::string before = file.text();
    options.settings[1].value = 8;
    CHECK_THROWS_WITH_AS(
        journal(file.path, mixed_space(), options),
        (file.path.string() + ": holds a study with seed 7, not 8").c_str(),
        file_error
    );
    space narrower;
    narrower.real("x", -1, 1);
    options.settings[1].value = 7;
    CHECK_THROWS_WITH_AS(
        journal(file.path, narrower, options),
        (file.path.string() + ": line 4 holds a trial of another search space").c_str(),
        file_error
    );
    CHECK(file.text() == before);
}

TEST_CASE("journal: a file that is none is refused and stays as it is") {
    for (const std::string text :
         {"hello",
          "{\"model\": {}}",
          "{\"model\": {}}\n",
          "[1, 2]\n",
          "{\"op_code\": \"x\"}\n",
          "\n",
          "{\"op_code\": 0, \"study_name\": \"a\"}\n{\"op_code\": 0, \"wo\n{\"op_code\": 1}\n"}) {
        CAPTURE(text);
        const scratch_file file;
        file.write(text);
        CHECK_THROWS_AS(journal(file.path, mixed_space()), file_error);
        CHECK(file.text() == text);
    }
    const scratch_file file;
    CHECK_THROWS_AS(journal(file.folder, mixed_space()), file_error);
    CHECK_THROWS_AS(journal(file.folder / "none" / "a.log", mixed_space()), file_error);
}

TEST_CASE("journal: missing, repeated and spoilt trials are refused with their line") {
    const scratch_file file;
    write_all(file.path, awkward_trials());
    const std::string text = file.text();
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line + "\n");
    }
    const auto check = [&](const std::string& spoilt, const char* why) {
        file.write(spoilt);
        std::string said;
        try {
            const journal opened(file.path, mixed_space());
        } catch (const file_error& e) {
            said = e.what();
        }
        CHECK(said == file.path.string() + ": " + why);
    };
    const std::string header = lines[0] + lines[1] + lines[2];
    check(header + lines[4], "line 4 holds trial 1 where trial 0 was to come");
    check(header + lines[3] + lines[3], "line 5 holds trial 0 where trial 1 was to come");
    std::string odd = lines[3];
    odd.replace(odd.find("completed"), 9, "wonderful");
    check(header + odd, "line 4 holds a trial that mend did not write");
    for (const char* cost : {"-1", "0", "null", "\"inf\""}) {
        std::string cheap = lines[3];
        const auto at = cheap.find("\"cost\": ") + 8;
        cheap.replace(at, cheap.find_first_of(",}", at) - at, cost);
        check(header + cheap, "line 4 holds a trial that mend did not write");
    }
    std::string empty = lines[3];
    empty.insert(empty.find("\"cost\""), "\"values\": [null], ");
    check(header + empty, "line 4 holds a trial that mend did not write");
    check(lines[0] + lines[3], "does not say what its study searched");
}

TEST_CASE("journal: two mend processes do not share a file") {
    const scratch_file file;
    const journal first(file.path, mixed_space());
    CHECK_THROWS_WITH_AS(
        journal(file.path, mixed_space()),
        (file.path.string() + ": another mend process is writing to it").c_str(),
        file_error
    );
}

TEST_CASE("journal: waits for another program's lock, and breaks that of a dead mend at once") {
    const scratch_file file;
    journal writing(file.path, mixed_space());
    const fs::path lock = file.path.string() + ".lock";
    fs::create_symlink(file.path, lock); // as Optuna's
    std::thread other([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(60));
        fs::remove(lock);
    });
    const auto from = std::chrono::steady_clock::now();
    writing.append(awkward_trials()[0]);
    other.join();
    CHECK(std::chrono::steady_clock::now() - from > std::chrono::milliseconds(55));

    fs::create_symlink(file.folder.string() + "/./study.log", lock); // as ours
    writing.append(awkward_trials()[1]);
    CHECK_FALSE(fs::exists(fs::symlink_status(lock)));
    CHECK(line_count(file.text()) == 5);
}

} // namespace io_journal_tests
