// SPDX-License-Identifier: MIT
// The command line as its users meet it: output, exit codes, and one clear line for bad input.
#include "run_tool.hpp"

using namespace mend::test;

TEST_CASE("tool: repair prints one JSON object, the same for every number of jobs") {
    const temporary_folder folder;
    const std::string problem = folder.file("p.json", small_problem);
    const std::string common =
        "repair " + problem + " --data 'blobs?n=400' --budget 8 --seed 3 --json";
    const run_result one = run(common + " --jobs 1");
    const run_result two = run(common + " --jobs 2");
    REQUIRE_MESSAGE((one.code == 0 || one.code == 1), one.err);
    const json a = json::parse(one.out);
    const json b = json::parse(two.out);
    CHECK(one.code == two.code);
    CHECK(without_time(a) == without_time(b));
    for (const char* key :
         {"technique",
          "space",
          "seed",
          "data",
          "metric",
          "faulty",
          "patched",
          "improved",
          "verdict",
          "patch",
          "patch_text",
          "complexity",
          "trials",
          "trainings",
          "report_trainings",
          "evidence",
          "seconds"}) {
        CAPTURE(key);
        CHECK(a.contains(key));
    }
    CHECK(a["metric"] == json{{"name", "accuracy"}, {"direction", "maximize"}});
    CHECK(a["faulty"]["test"]["n"] == 5);
    CHECK(a["improved"] == (one.code == 0));
    CHECK(a["trainings"].get<double>() <= 8);
    std::size_t trials = 0;
    for (const json& tried : a["evidence"]["tried"]) {
        trials += tried["trials"].size();
        if (tried["end"] == "chosen") {
            CHECK(tried["changes"] == a["patch_text"]);
        }
    }
    CHECK(a["trials"] == trials);
    CHECK_FALSE(a["evidence"]["findings"].empty());
    CHECK(a["evidence"]["runners_up"].size() <= 3);
}

TEST_CASE("tool: the patch of repair, applied to the file, is the problem that --out writes") {
    const temporary_folder folder;
    const std::string problem = folder.file("p.json", small_problem);
    const std::string fixed = (folder.path / "fixed.json").string();
    const run_result result =
        run("repair " + problem + " --data 'blobs?n=400' --budget 10 --json --out " + fixed);
    REQUIRE(result.code == 0);
    const json patch = json::parse(result.out)["patch"];
    const json raw = json::parse(small_problem);
    CHECK(raw.patch(patch) == json::parse(mend::read_text_file(fixed)));
    CHECK(run("train " + fixed + " --data 'blobs?n=400'").code == 0);
}

TEST_CASE("tool: a study file makes a second run go on, not begin again") {
    const temporary_folder folder;
    const std::string problem = folder.file("p.json", small_problem);
    const std::string study = (folder.path / "study.log").string();
    const std::string common =
        "repair " + problem + " --data 'blobs?n=400' --json --seed 4 --budget 8 --study " + study;
    const json whole = json::parse(run(common).out);
    const auto lines = [&] {
        const std::string text = mend::read_text_file(study);
        return std::count(text.begin(), text.end(), '\n');
    };
    // As if it had been stopped half way.
    const auto all = lines();
    std::string text = mend::read_text_file(study);
    std::size_t end = 0;
    for (auto line = all / 2; line > 0; --line) {
        end = text.find('\n', end) + 1;
    }
    static_cast<void>(folder.file("study.log", text.substr(0, end)));
    REQUIRE(lines() == all / 2);
    const json resumed = json::parse(run(common).out);
    CHECK(lines() == all);
    CHECK(without_time(resumed) == without_time(whole));
    // Another search in the same file is refused, and the file stays as it is.
    const auto after = lines();
    const std::string again = "repair " + problem + " --seed 4 --study " + study;
    check_refused(again + " --budget 8 --data 'moons?n=400'", {"study", "data", "moons"});
    check_refused(again + " --budget 9 --data 'blobs?n=400'", {"study", "budget 8"});
    CHECK(lines() == after);
}

TEST_CASE("tool: landscape finds alternatives within its budget") {
    const run_result found =
        run("landscape fault:blobs_mlp_zero_weights --data 'blobs?n=200' --budget 60 --runs 2 "
            "--json");
    REQUIRE_MESSAGE((found.code == 0 || found.code == 1), found.err);
    const json out = json::parse(found.out);
    CHECK(out["trainings"].get<double>() <= 60);
    CHECK(out["evaluated"].get<int>() > 10);
    CHECK(out["threshold"].is_number());
    CHECK(out["nodes"][0]["node"] == 0);
    CHECK(out["nodes"][0]["validation"]["n"] == 2);
}

TEST_CASE("tool: train reports every run and their mean") {
    const temporary_folder folder;
    const std::string problem = folder.file("p.json", changed(small_problem, "1000.0", "0.1"));
    const run_result result =
        run("train " + problem + " --data 'blobs?n=300' --runs 3 --seed 5 --json");
    REQUIRE(result.code == 0);
    const json out = json::parse(result.out);
    REQUIRE(out["runs"].size() == 3);
    CHECK(out["runs"][0]["seed"] == 5);
    CHECK(out["runs"][2]["seed"] == 7);
    CHECK(out["parameters"] == 8 * 2 + 8 + 3 * 8 + 3);
    double sum = 0;
    for (const json& one : out["runs"]) {
        CHECK(one["epochs"] == 3);
        sum += one["test"]["metric"].get<double>();
    }
    CHECK(out["mean"].get<double>() == doctest::Approx(sum / 3));
    CHECK(out["runs"][0]["validation"]["metric"].is_null()); // validation_split 0
}

TEST_CASE("tool: the data that train writes gives the same training") {
    const temporary_folder folder;
    const std::string written = (folder.path / "parts.npz").string();
    const std::string command = "train fault:blobs_mlp_zero_weights --json --data ";
    const run_result one = run(command + "'blobs?n=300&split=3' --write-data " + written);
    const run_result two = run(command + "npz:" + written);
    REQUIRE_MESSAGE(one.code == 0, one.err);
    REQUIRE_MESSAGE(two.code == 0, two.err);
    json a = without_time(json::parse(one.out));
    json b = without_time(json::parse(two.out));
    a.erase("data");
    b.erase("data");
    CHECK(a == b);
}

TEST_CASE("tool: diagnose names the fault first, with its place and a patch") {
    const std::string command =
        "diagnose fault:blobs_mlp_zero_weights --data 'blobs?n=300' --seed 2";
    const run_result result = run(command + " --json");
    REQUIRE(result.code == 0);
    const json out = json::parse(result.out);
    const json first = out["findings"][0];
    CHECK(first["code"] == "equal_weights");
    CHECK(first["path"] == "/model/config/layers/0/config/kernel_initializer");
    CHECK(first["confidence"].get<double>() > 0.9);
    CHECK_FALSE(first["evidence"].empty());
    CHECK(first["fixes"][0]["patch"].size() == 2);
    double before = 1;
    for (const json& f : out["findings"]) {
        CHECK(f["confidence"].get<double>() <= before);
        before = f["confidence"].get<double>();
    }
    CHECK(run(command + " --json").out == result.out);
    CHECK(run(command).out.find("equal_weights") != std::string::npos);
}

TEST_CASE("tool: every fault of the catalogue is listed, shown and trains") {
    const run_result list = run("faults --json");
    REQUIRE(list.code == 0);
    const json faults = json::parse(list.out)["faults"];
    CHECK(faults.size() >= 5);
    for (const json& f : faults) {
        const std::string id = f["id"];
        CAPTURE(id);
        const run_result shown = run("faults " + id);
        CHECK(shown.code == 0);
        const std::string own = problem_path(id);
        const std::string published =
            std::string(build_facts::source_folder) + "/catalogue/published/" + id + ".json";
        const std::string& file = fs::exists(own) ? own : published;
        CHECK(json::parse(shown.out) == json::parse(mend::read_text_file(file)));
    }
    CHECK(run("faults").out.find("mnist_mlp_learning_rate") != std::string::npos);
    const json small = json::parse(run("faults D4 --profile small").out);
    CHECK(small["profile"] == "small");
    CHECK(small["problem"]["fit"]["epochs"] < 30);
    check_refused("faults D4 --profile medium", {"--profile", "medium"});
}

TEST_CASE("tool: help says what a command takes") {
    for (const char* command :
         {"", "repair", "train", "diagnose", "faults", "mutate", "study", "landscape"}) {
        const run_result help = run(std::string(command) + " --help");
        CHECK(help.code == 0);
        CHECK(help.out.find("--help") != std::string::npos);
    }
    CHECK(run("--version").out.find(build_facts::project_version) != std::string::npos);
}

TEST_CASE("tool: a study compares techniques on faults from files") {
    const temporary_folder folder;
    const std::string problem = folder.file("p.json", small_problem);
    const std::string file = (folder.path / "mutant.json").string();
    const std::string out = (folder.path / "study").string();
    REQUIRE(
        run("mutate " + problem + " --data 'blobs?n=400' --operator HNE --value 1 --out " + file)
            .code == 0
    );
    json fault = json{
        {"id", "mine"},
        {"data", "blobs?n=400"},
        {"problem", json::parse(mend::read_text_file(file))},
        {"fix", json::array()}};
    static_cast<void>(folder.file("mine.json", fault.dump()));
    const std::string mine = (folder.path / "mine.json").string();
    const std::string command = "study --techniques random --runs 1 --budget 2 --baseline-runs 2";
    REQUIRE(run(command + " --faults " + mine + " --out " + out).code == 0);
    const std::string rows = mend::read_text_file(out + "/results.csv");
    CHECK(rows.find("\nmine,random,") != std::string::npos);
    check_refused(command + " --out x --faults " + mine + "," + mine, {"--faults", "mine"});
    check_refused(command + " --out x --faults nowhere.json", {"nowhere.json"});
    fault["mutation"] = json{{"operator", "TCL"}, {"value", 50}, {"seed", 1}};
    static_cast<void>(folder.file("mine.json", fault.dump()));
    check_refused(command + " --out x --faults " + mine, {"--faults", "mine", "data"});
}

TEST_CASE("tool: bad usage is one line and exit 2") {
    check_refused("", {"mend"});
    check_refused("mendd", {"mendd", "no such command"});
    check_refused("train fault:blobs_mlp_zero_weights --seed -1", {"--seed", "-1"});
    check_refused("train fault:blobs_mlp_zero_weights --seed 99999999999999999999", {"--seed"});
    check_refused("repair", {"PROBLEM"});
    check_refused("repair fault:nope", {"fault:nope", "no such fault"});
    check_refused(
        "repair fault:blobs_mlp_zero_weights --technique magic", {"--technique", "magic", "random"}
    );
    check_refused("repair fault:blobs_mlp_zero_weights --budget 0", {"--budget"});
    check_refused("repair fault:blobs_mlp_zero_weights --budget much", {"--budget"});
    check_refused("repair fault:blobs_mlp_zero_weights --space outer", {"--space", "outer"});
    check_refused("repair fault:blobs_mlp_zero_weights --jobs 0", {"--jobs"});
    check_refused(
        "repair fault:blobs_mlp_zero_weights --out x.json --report ./x.json",
        {"--report", "another option"}
    );
    check_refused("train fault:blobs_mlp_zero_weights --data nothing", {"nothing", "blobs"});
    check_refused("train fault:blobs_mlp_zero_weights --data 'blobs?n=many'", {"n", "many"});
    check_refused("train fault:blobs_mlp_zero_weights --data 'blobs?colour=red'", {"colour"});
    check_refused("faults --out x", {"--out"});
    check_refused("study --out x", {"--faults"});
    check_refused("study --faults nope --out x", {"--faults", "nope"});
    check_refused(
        "study --faults moons_mlp_loss --techniques magic --out x", {"--technique", "magic"}
    );
    check_refused("landscape fault:moons_mlp_loss --order up", {"--order", "up"});
}

TEST_CASE("tool: a reader that goes takes no file with it") {
    const temporary_folder folder;
    const std::string out = (folder.path / "fixed.json").string();
    static_cast<void>(
        run("repair fault:blobs_mlp_zero_weights --budget 0.01 --out " + out + " | true")
    );
    CHECK(std::filesystem::exists(out));
}

TEST_CASE("tool: devices and pipes take more than one output") {
    const run_result done =
        run("repair fault:blobs_mlp_zero_weights --budget 0.01 --out /dev/null --report /dev/null");
    CHECK(done.code < 2);
}

TEST_CASE("tool: what can not be printed is no success") {
    const run_result done = run("faults > /dev/full");
    CHECK(done.code == 2);
    CHECK(done.err.find("stdout") != std::string::npos);
}

TEST_CASE("tool: bad problems are named by file and JSON path") {
    const temporary_folder folder;
    check_refused(
        "train " + (folder.path / "missing.json").string() + " --data blobs", {"missing.json"}
    );
    const auto refused = [&](const std::string& text, const std::vector<std::string>& words) {
        check_refused("train " + folder.file("bad.json", text) + " --data blobs", words);
    };
    refused("{", {"bad.json"});
    refused("[]", {"bad.json"});
    refused(
        changed(
            small_problem,
            "\"Dense\", \"config\": {\"units\": 3",
            "\"LSTM\", \"config\": {\"units\": 3"
        ),
        {"/model/config/layers/1/class_name", "LSTM", "not supported"}
    );
    refused(
        changed(small_problem, "\"units\": 8", "\"units\": \"8\""),
        {"/model/config/layers/0/config/units"}
    );
    refused(
        changed(small_problem, "\"units\": 8", "\"units\": 0"),
        {"/model/config/layers/0/config/units"}
    );
    refused(changed(small_problem, "[null, 2]", "[null, 3]"), {"shape"});
    refused(changed(small_problem, "\"units\": 3", "\"units\": 2"), {"classes", "/layers/1"});
    const std::string first = R"("layers": [)";
    refused(
        changed(
            changed(small_problem, "\"units\": 3", "\"units\": 2"),
            first,
            first + R"({"class_name": "InputLayer", "config": {"batch_shape": [null, 2]}}, )"
        ),
        {"classes", "/layers/2"}
    );
    refused(
        changed(small_problem, "categorical_crossentropy", "regret"), {"/compile/loss", "regret"}
    );
    refused(changed(small_problem, "\"batch_size\": 32", "\"batch_size\": 0"), {"/fit/batch_size"});
}

TEST_CASE("tool: bad data are named by file and place") {
    const temporary_folder folder;
    const std::string problem = folder.file("p.json", small_problem);
    const auto refused = [&](const std::string& data, const std::vector<std::string>& words) {
        check_refused("train " + problem + " --data '" + data + "'", words);
    };
    refused("mnist:" + folder.path.string(), {folder.path.string()});
    refused("csv:" + (folder.path / "none.csv").string() + "#target=y", {"none.csv"});
    refused(
        "csv:" + folder.file("words.csv", "a,b,y\n1,2,0\n1,red,1\n") + "#target=y",
        {"words.csv", "red"}
    );
    refused("csv:" + folder.file("empty.csv", "a,b,y\n") + "#target=y", {"empty.csv"});
    refused("csv:" + folder.file("good.csv", "a,b,y\n1,2,0\n") + "#target=z", {"z"});
}

TEST_CASE("tool: nothing is written for bad input") {
    const temporary_folder folder;
    const std::string study = (folder.path / "study.log").string();
    const std::string out = (folder.path / "out.json").string();
    check_refused(
        "repair fault:blobs_mlp_zero_weights --data 'blobs?n=many' --study " + study + " --out " +
            out,
        {}
    );
    CHECK_FALSE(fs::exists(study));
    CHECK_FALSE(fs::exists(out));
}
