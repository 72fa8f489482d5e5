// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <mend/eval/neutrality.hpp>

#include "../build_facts.hpp"

namespace eval_neutrality_tests {

namespace {

using namespace mend;
namespace fs = std::filesystem;
using nlohmann::json;

// The published graphs, which are no part of this project.
fs::path reference_folder() {
    const char* given = std::getenv("MEND_REFERENCE_DIR");
    return given != nullptr ? fs::path(given)
                            : fs::path(build_facts::source_folder) / ".." / "shared" / "reference";
}

// Fields of a line; a quoted field may hold commas.
std::vector<std::string> fields_of(const std::string& line) {
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (const char c : line) {
        if (c == '"') {
            quoted = !quoted;
        } else if (c == ',' && !quoted) {
            fields.emplace_back();
        } else if (c != '\r') {
            fields.back() += c;
        }
    }
    return fields;
}

neutrality_kind kind_of(const std::string& name) {
    using enum neutrality_kind;
    static const std::map<std::string, neutrality_kind> kinds{
        {"act", activation},
        {"ki", kernel_initializer},
        {"bi", bias_initializer},
        {"layer", layer},
        {"unit", unit},
        {"loss", loss},
        {"optimizer", optimizer},
        {"lr", learning_rate},
        {"batch_size", batch_size},
        {"epochs", epochs},
        {"dropout", frozen}};
    return kinds.at(name.substr(0, name.find_first_of("0123456789")));
}

configuration
configuration_of(const std::string& text, const std::vector<neutrality_dimension>& dimensions) {
    std::map<std::string, std::string> given;
    for (const std::string& pair : fields_of(text)) {
        const auto equals = pair.find('=');
        given[pair.substr(0, equals)] = pair.substr(equals + 1);
    }
    configuration at;
    for (const neutrality_dimension& d : dimensions) {
        const std::string& value = given.at(d.name);
        switch (d.kind) {
        case neutrality_kind::layer:
        case neutrality_kind::unit:
        case neutrality_kind::batch_size:
        case neutrality_kind::epochs:
            at.emplace_back(std::stoll(value));
            break;
        case neutrality_kind::learning_rate:
            at.emplace_back(std::stod(value));
            break;
        default:
            at.emplace_back(value);
        }
    }
    return at;
}

std::string key_of(const configuration& at) {
    std::string key;
    for (const document& value : at) {
        key += to_json(value) + ";";
    }
    return key;
}

neutrality_order family_of(const std::string& id) {
    return id[0] == 'D'                   ? neutrality_order::deepfd
           : id[0] == 'M' || id[0] == 'R' ? neutrality_order::mnist
           : id[0] == 'C'                 ? neutrality_order::cifar
                                          : neutrality_order::later;
}

} // namespace

TEST_CASE("neutrality: the published means give the number of every published node") {
    const fs::path folder = reference_folder();
    if (!fs::exists(folder / "published_edges.csv")) {
        MESSAGE("skipped: the published graphs are not there (MEND_REFERENCE_DIR)");
        return;
    }
    // By fault: the edges (parent, node, dimension, kept as), and the means by configuration.
    using edge = std::tuple<std::size_t, std::size_t, std::string, std::string>;
    std::map<std::string, std::vector<edge>> edges;
    std::map<std::string, std::vector<std::pair<std::string, double>>> means;
    std::map<std::string, std::vector<double>> accepted; // means
    std::ifstream edge_file(folder / "published_edges.csv");
    std::ifstream mean_file(folder / "published_landscape.csv");
    std::string line;
    std::getline(edge_file, line);
    while (std::getline(edge_file, line)) {
        const auto f = fields_of(line);
        edges[f[0]].emplace_back(std::stoul(f[1]), std::stoul(f[2]), f[3], f[9]);
        if (f[8] == "true") {
            accepted[f[0]].push_back(std::stod(f[7]));
        }
    }
    std::getline(mean_file, line);
    while (std::getline(mean_file, line)) {
        const auto f = fields_of(line);
        means[f[0]].emplace_back(f[1], std::stod(f[3]));
    }
    std::ifstream fault_file(folder / "faults.json");
    const json faults = json::parse(fault_file)["faults"];
    std::size_t checked = 0;
    std::size_t agreeing = 0;
    for (const json& fault : faults) {
        const std::string id = fault["id"];
        if (!edges.contains(id)) {
            continue;
        }
        CAPTURE(id);
        std::vector<neutrality_dimension> dimensions;
        for (const std::string name : fault["search_space"]["dimensions"]) {
            if (!name.starts_with("dropout")) {
                dimensions.push_back({name, kind_of(name)});
            }
        }
        std::map<std::string, double> mean_at;
        for (const auto& [text, value] : means[id]) {
            mean_at[key_of(configuration_of(text, dimensions))] = value;
        }
        neutrality_options options;
        options.higher_is_better = !fault["metric"]["loss_like"].get<bool>();
        options.threshold = options.higher_is_better ? 1e300 : -1e300;
        for (const double mean : accepted[id]) { // the worst of the accepted
            options.threshold = options.higher_is_better ? std::min(options.threshold, mean)
                                                         : std::max(options.threshold, mean);
        }
        // A neighbour that was not published had been rejected: its score is none.
        const neutrality_result found = search_neutrality(
            dimensions,
            configuration_of(fault["published"]["root_config"], dimensions),
            [&](std::span<const neutrality_candidate> asked) {
                std::vector<std::vector<double>> scores(asked.size());
                for (std::size_t i = 0; i < asked.size(); ++i) {
                    if (const auto known = mean_at.find(key_of(asked[i].at));
                        known != mean_at.end()) {
                        scores[i] = {known->second};
                    }
                }
                return scores;
            },
            options
        );
        std::vector<edge> made;
        std::size_t reached = 0;
        for (const neutrality_node& node : found.nodes) {
            if (node.number > 0) {
                reached += node.accepted ? 1 : 0;
                made.emplace_back(
                    node.parent,
                    node.number,
                    dimensions[node.dimension].name,
                    node.improving ? "improving" : "neutral"
                );
            }
        }
        std::sort(made.begin(), made.end());
        std::sort(edges[id].begin(), edges[id].end());
        CHECK(made.size() == edges[id].size());
        CHECK(reached == accepted[id].size());
        checked += edges[id].size();
        for (const edge& e : edges[id]) {
            agreeing += std::binary_search(made.begin(), made.end(), e) ? 1 : 0;
        }
        // The order of the family is that of the file, however the dimensions come.
        std::vector<neutrality_dimension> mixed = dimensions;
        std::stable_sort(mixed.begin(), mixed.end(), [](const auto& a, const auto& b) {
            return static_cast<int>(a.kind) > static_cast<int>(b.kind);
        });
        CHECK(in_order(mixed, family_of(id)) == dimensions);
    }
    CHECK(checked > 1000);
    CHECK(agreeing == checked);
    MESSAGE(agreeing << " of " << checked << " published steps in " << edges.size() << " graphs");
}

TEST_CASE("neutrality: steps leave the present value out and drop what comes to nothing") {
    CHECK(
        one_step_values(neutrality_kind::activation, "relu") ==
        document::array_type{"sigmoid", "exponential", "softmax"}
    );
    CHECK(one_step_values(neutrality_kind::optimizer, "adam").size() == 3);
    CHECK(one_step_values(neutrality_kind::unit, 1) == document::array_type{2});
    CHECK(one_step_values(neutrality_kind::epochs, 5) == document::array_type{10, 2});
    CHECK(one_step_values(neutrality_kind::layer, 1) == document::array_type{0, 2});
    CHECK(one_step_values(neutrality_kind::frozen, 0.5).empty());
    // Ten times a tenth is what it was, so that it is not evaluated again.
    for (const double rate : {0.001, 0.3, 3.0, 0.07}) {
        const document tenth = one_step_values(neutrality_kind::learning_rate, rate)[1];
        CHECK(one_step_values(neutrality_kind::learning_rate, tenth)[0] == document(rate));
    }
}

TEST_CASE("neutrality: of the improving neighbours the best few are searched from, best first") {
    const std::vector<neutrality_dimension> dimensions{
        {"epochs", neutrality_kind::epochs}, {"batch_size", neutrality_kind::batch_size}};
    // Better with more epochs, up to 4; the batch size changes nothing.
    const auto score = [](const configuration& at) {
        return static_cast<double>(std::min<std::int64_t>(at[0].as_integer(), 4));
    };
    std::size_t calls = 0;
    const auto evaluate = [&](std::span<const neutrality_candidate> asked) {
        ++calls;
        std::vector<std::vector<double>> scores;
        for (const neutrality_candidate& c : asked) {
            scores.push_back({score(c.at), score(c.at)});
        }
        return scores;
    };
    const neutrality_result found =
        search_neutrality(dimensions, {1, 16}, evaluate, {.threshold = 4, .keep = 2});
    CHECK(found.complete);
    // 0: (1, 16). Its neighbours are 1: (2, 16) and the five other batch sizes, 2 to 6.
    REQUIRE(found.nodes.size() > 2);
    CHECK(found.nodes[1].number == 1);
    CHECK(found.nodes[1].improving);
    CHECK_FALSE(found.nodes[1].accepted);
    CHECK(found.nodes[2].number == 7); // (4, 16), of the neighbours of (2, 16)
    CHECK(found.nodes[2].parent == 1);
    CHECK(found.nodes[2].accepted);
    // From there nothing is better; what is as good is neutral, and not searched from.
    CHECK(std::count_if(found.nodes.begin(), found.nodes.end(), [](const auto& node) {
              return !node.improving && node.accepted;
          }) == 6); // epochs 8, and five batch sizes
    CHECK(found.evaluated == 1 + 6 + 6 + 6);
    CHECK(calls == 4);
}

TEST_CASE("neutrality: an evaluation that stops early ends the search with what it gave") {
    const std::vector<neutrality_dimension> dimensions{{"epochs", neutrality_kind::epochs}};
    std::size_t left = 4;
    const auto evaluate = [&](std::span<const neutrality_candidate> asked) {
        std::vector<std::vector<double>> scores;
        for (const neutrality_candidate& c : asked) {
            if (left == 0) {
                break;
            }
            --left;
            scores.push_back({static_cast<double>(c.at[0].as_integer())});
        }
        return scores;
    };
    const neutrality_result found = search_neutrality(dimensions, {8}, evaluate);
    CHECK_FALSE(found.complete);
    CHECK(found.evaluated == 4); // 8; 16, 4; 32
    CHECK(found.nodes.size() == 3);
    // For a loss less is better.
    left = 100;
    const neutrality_result down =
        search_neutrality(dimensions, {8}, evaluate, {.higher_is_better = false});
    CHECK(down.complete);
    CHECK(down.nodes.back().at == configuration{1});
}

TEST_CASE("neutrality: a candidate that fails is no neighbour to go on from") {
    const std::vector<neutrality_dimension> dimensions{{"epochs", neutrality_kind::epochs}};
    const neutrality_result found = search_neutrality(
        dimensions,
        {8},
        [](std::span<const neutrality_candidate> asked) {
            std::vector<std::vector<double>> scores(asked.size());
            if (asked[0].number == 0) {
                scores[0] = {0.5};
            }
            return scores;
        },
        {.threshold = 0.1}
    );
    CHECK(found.nodes.size() == 1);
    CHECK(found.evaluated == 3);
    CHECK(found.complete);
}

} // namespace eval_neutrality_tests
