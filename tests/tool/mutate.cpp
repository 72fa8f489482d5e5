// SPDX-License-Identifier: MIT
// mend mutate as its users meet it.
#include "run_tool.hpp"

using namespace mend::test;

namespace {

std::string trainable() { return changed(small_problem, "1000.0", "0.1"); }

} // namespace

TEST_CASE("tool: mutate writes a problem with one thing changed") {
    const temporary_folder folder;
    const std::string problem = folder.file("p.json", trainable());
    const std::string out = (folder.path / "mutant.json").string();
    const run_result result =
        run("mutate " + problem + " --operator ACH --layer 0 --value tanh --json --out " + out);
    REQUIRE_MESSAGE(result.code == 0, result.err);
    const json told = json::parse(result.out);
    CHECK(told["operator"] == "ACH");
    CHECK(told["name"] == "change_activation_function");
    CHECK(told["layer"] == 0);
    CHECK(told["value"] == "tanh");
    CHECK(told["change"] == json::array({"layers[0] Dense activation: relu -> tanh"}));
    json expected = json::parse(trainable());
    expected["model"]["config"]["layers"][0]["config"]["activation"] = "tanh";
    CHECK(told["mutant"] == expected);
    CHECK(json::parse(mend::read_text_file(out)) == expected);
    // Without --json the mutant goes to stdout, or what changed where it goes to a file.
    const std::string same = "mutate " + problem + " --operator ach --layer 0 --value tanh";
    CHECK(json::parse(run(same).out) == expected);
    CHECK(run(same + " --out " + out).out == "layers[0] Dense activation: relu -> tanh\n");
}

TEST_CASE("tool: mutate draws what is not given from the seed") {
    const temporary_folder folder;
    const std::string problem = folder.file("p.json", trainable());
    const std::string common = "mutate " + problem + " --operator WCI --json --seed ";
    CHECK(run(common + "1").out == run(common + "1").out);
    bool differ = false;
    for (const char* seed : {"2", "3", "4", "5"}) {
        differ = differ || json::parse(run(common + seed).out)["change"] !=
                               json::parse(run(common + "1").out)["change"];
    }
    CHECK(differ);
}

TEST_CASE("tool: a mutant of the data is a fault that trains and is repaired on changed data") {
    const temporary_folder folder;
    const std::string problem = folder.file("p.json", trainable());
    const std::string out = (folder.path / "mutant.json").string();
    REQUIRE(
        run("mutate " + problem +
            " --operator TCO --value 80 --seed 4 --data 'blobs?n=300' --out " + out)
            .code == 0
    );
    const json fault = json::parse(mend::read_text_file(out));
    CHECK(fault["mutation"] == json{{"operator", "TCO"}, {"value", 80.0}, {"seed", 4}});
    CHECK(fault["problem"] == json::parse(trainable()));
    CHECK(fault["fix"].empty());
    const run_result mutated = run("train " + out + " --json --seed 1");
    const run_result original = run("train " + problem + " --data 'blobs?n=300' --json --seed 1");
    REQUIRE_MESSAGE(mutated.code == 0, mutated.err);
    CHECK(json::parse(mutated.out)["data"].get<std::string>().find("TCO 80") != std::string::npos);
    CHECK(
        json::parse(mutated.out)["runs"][0]["train"] !=
        json::parse(original.out)["runs"][0]["train"]
    );
    CHECK(run("train " + out + " --json --seed 1").out.find("TCO") != std::string::npos);
    CHECK(run("repair " + out + " --budget 2 --json").code <= 1);
    check_refused("mutate " + out + " --operator TCL --value 10", {"--operator", "already"});
}

TEST_CASE("tool: a mutant of a fault is a fault whose fix leads back") {
    const run_result result =
        run("mutate fault:blobs_mlp_zero_weights --operator HNE --value 1 --json");
    REQUIRE_MESSAGE(result.code == 0, result.err);
    const json fault = json::parse(result.out)["mutant"];
    CHECK(fault["data"] == "blobs");
    CHECK(fault["fix"].size() == 1);
    CHECK(fault["problem"]["fit"]["epochs"] == 1);
}

TEST_CASE("tool: mutate lists every operator and where it applies") {
    const temporary_folder folder;
    const std::string problem = folder.file("p.json", trainable());
    const run_result result = run("mutate " + problem + " --list --json --data 'blobs?n=300'");
    REQUIRE_MESSAGE(result.code == 0, result.err);
    const json operators = json::parse(result.out)["operators"];
    REQUIRE(operators.size() == 24);
    for (const json& one : operators) {
        if (one["code"] == "HDB") {
            CHECK(one["sites"][0]["values"] == json::array({240.0}));
        }
        if (one["code"] == "ACH") {
            REQUIRE(one["sites"].size() == 2);
            CHECK(one["sites"][1]["layer"] == 1);
        }
        if (one["code"] == "RCD" || one["code"] == "VRM") {
            CHECK(one["sites"].empty());
        }
        if (one["code"] == "TRD") {
            CHECK(one["sites"][0]["interval"]["strong"] == 99.0);
        }
    }
    CHECK(run("mutate " + problem + " --list").out.find("WAB") != std::string::npos);
}

TEST_CASE("tool: mutate --kill tells the search, the same for every number of jobs") {
    const temporary_folder folder;
    const std::string problem = folder.file("p.json", trainable());
    const std::string common =
        "mutate " + problem +
        " --data 'blobs?n=300' --operator HNE --kill --runs 5 --on both --json --seed 2";
    const run_result one = run(common + " --jobs 1");
    const run_result two = run(common + " --jobs 2");
    REQUIRE_MESSAGE(one.code == 0, one.err);
    const json a = json::parse(one.out);
    CHECK(without_time(a) == without_time(json::parse(two.out)));
    CHECK(a["operator"] == "HNE");
    CHECK(a["runs"] == 5);
    CHECK(
        a["interval"] == json{{"mild", 3.0}, {"strong", 1.0}, {"precision", 1.0}, {"decimals", 0}}
    );
    for (const json& row : a["test"]["path"]) {
        for (const char* key : {"value", "p", "d", "power", "stable", "killed"}) {
            CAPTURE(key);
            CHECK(row.contains(key));
        }
    }
    CHECK(a["test"]["path"][0]["value"] == 1.0);
    CHECK(a.contains("train"));
    CHECK(a.contains("score"));
}

TEST_CASE("tool: mutate --kill tells people each setting and its verdict") {
    const temporary_folder folder;
    const run_result result =
        run("mutate " + folder.file("p.json", trainable()) +
            " --data 'blobs?n=300' --operator HLR --to 0.00001 --precision 0.04 --kill --runs 4 "
            "--inputs");
    REQUIRE_MESSAGE(result.code == 0, result.err);
    for (const char* word :
         {"HLR 1e-05", "killed", "mildest killed: HLR", "survives", "triviality", "trainings in"}) {
        CAPTURE(word);
        CHECK(result.out.find(word) != std::string::npos);
    }
    CHECK(result.err.find("trained original") != std::string::npos);
}

TEST_CASE("tool: bad use of mutate is one line and exit 2") {
    const temporary_folder folder;
    const std::string problem = folder.file("p.json", trainable());
    const std::string out = (folder.path / "out.json").string();
    const auto refused = [&](const std::string& rest, const std::vector<std::string>& words) {
        check_refused("mutate " + problem + " --out " + out + " " + rest, words);
        CHECK_FALSE(std::filesystem::exists(out));
    };
    refused("", {"--operator"});
    refused("--operator XYZ", {"XYZ", "TCL"});
    refused("--operator HNE", {"--value", "HNE"});
    refused("--operator HNE --value 9", {"--value", "3"});
    refused("--operator ACH --layer 7", {"--layer", "7"});
    refused("--operator ACH --layer 0 --value magic", {"magic"});
    refused("--operator RCP", {"RCP", "does not apply"});
    refused("--operator TCL --value 20", {"--data"});
    refused("--operator HDB", {"--data"});
    refused("--operator TCL --value 20 --data nothing --kill", {"--out"});
    check_refused("mutate " + problem + " --operator HNE --kill", {"--data"});
    check_refused("mutate " + problem + " --operator HNE --kill --runs 1", {"--runs"});
    const std::string kill = "mutate " + problem + " --data 'blobs?n=90' --kill --runs 2 ";
    check_refused(kill + "--operator TCL --from 10 --to 150", {"--to", "0 and 100", "150"});
    check_refused(kill + "--operator TUD --from nan", {"--from", "0 and 100"});
    check_refused(kill + "--operator HLR --from -1", {"--from", "above 0", "-1"});
    check_refused(kill + "--operator ACH --to 3", {"interval"});
    const std::string broken = folder.file(
        "f.json",
        R"({"id": "f", "data": "blobs", "fix": [], "problem": )" + trainable() +
            R"(, "mutation": {"operator": "HNE", "value": 3}})"
    );
    check_refused("train " + broken, {"/mutation/operator", "HNE"});
}
