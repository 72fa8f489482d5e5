// SPDX-License-Identifier: MIT
// mend faults: lists the faults that mend knows, or writes one.
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include <mend/core/error.hpp>
#include <mend/fault/profile.hpp>
#include <mend/io/fault_json.hpp>
#include <mend/io/json_text.hpp>
#include <mend/io/text_file.hpp>

#include "command.hpp"

namespace mend::tool {

namespace {

struct faults_command {
    std::string id;
    std::string out;
    std::string profile = "full";

    int run(const common_options& common) const {
        check_outputs({{"--out", out}});
        if (!id.empty()) {
            const document shown = document_of(fault_in_profile(find_fault(id), profile));
            if (!out.empty()) {
                write_text_file(out, to_json(shown, 1) + "\n");
            } else {
                print(shown);
            }
            return 0;
        }
        if (!out.empty()) {
            throw usage_error("--out", "needs the ID of a fault");
        }
        if (profile != "full") {
            throw usage_error("--profile", "needs the ID of a fault");
        }
        const std::vector<fault> faults = catalogue();
        if (common.json) {
            document list = document::array();
            for (const fault& f : faults) {
                list.push_back(summary_document(f));
            }
            document all = document::object();
            all.set("faults", std::move(list));
            print(all);
        } else {
            std::cout << faults_text(faults);
        }
        return 0;
    }
};

} // namespace

command add_faults(CLI::App& tool, common_options& common) {
    const auto given = std::make_shared<faults_command>();
    CLI::App* app = tool.add_subcommand("faults", "list the faults that mend knows, or show one");
    app->add_option("ID", given->id, "the fault to show");
    app->add_option("--profile", given->profile, profile_help);
    app->add_option("--out", given->out, "write the fault to this file");
    add_common(*app, common);
    return {app, [given, &common] { return given->run(common); }};
}

} // namespace mend::tool
