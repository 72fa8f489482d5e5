// SPDX-License-Identifier: MIT
// The command line: parse, call the command. Each command is a file of its own.
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <new>
#include <string>
#include <thread>
#include <vector>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <CLI/CLI.hpp>

#include <mend/core/config.hpp>
#include <mend/core/error.hpp>

#include "command.hpp"

std::atomic<bool> mend::tool::interrupted{false};

namespace {

namespace tool = mend::tool;

extern "C" void on_interrupt(int) {
    // A second one ends the program at once.
    if (tool::interrupted.exchange(true)) {
        std::_Exit(3);
    }
}

/// The weights of each trial are blocks of some megabytes, of other sizes every time, and between
/// them stand small records that stay. In one heap that leaves holes: after 300 trials of a Reuters
/// network 4 GB were held and 0.3 in use. Blocks with pages of their own go back when they are
/// freed.
void keep_heap_small() {
#ifdef __GLIBC__
    constexpr int bytes = 1 << 20;
    mallopt(M_MMAP_THRESHOLD, bytes);
#endif
}

int run(int count, char** words) {
    CLI::App app(
        "Repairs neural networks that train badly: finds a small patch and shows that it helps.",
        "mend"
    );
    app.set_version_flag("--version", std::string(mend::version));
    app.require_subcommand(1);
    tool::common_options common;
    common.jobs = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));

    // In the order in which --help shows them.
    const std::vector<tool::command> commands{
        tool::add_repair(app, common),
        tool::add_train(app, common),
        tool::add_diagnose(app, common),
        tool::add_faults(app, common),
        tool::add_mutate(app, common),
        tool::add_study(app, common),
        tool::add_landscape(app, common),
    };
    try {
        app.parse(count, words);
    } catch (const CLI::Success& help) {
        return app.exit(help);
    } catch (const CLI::ParseError& mistake) {
        const std::string first = count > 1 ? words[1] : "-";
        const bool is_command = std::any_of(commands.begin(), commands.end(), [&](const auto& one) {
            return one.app->get_name() == first;
        });
        std::cerr << "mend: "
                  << (first.starts_with("-") || is_command ? "" : first + ": no such command; ")
                  << mistake.what() << '\n';
        return 2;
    }
    std::signal(SIGINT, on_interrupt);
    std::signal(SIGTERM, on_interrupt);
    std::signal(SIGPIPE, SIG_IGN); // a reader of stdout that goes takes no file with it
    const auto called = std::find_if(commands.begin(), commands.end(), [](const auto& one) {
        return one.app->parsed();
    });
    const int code = called->run();
    if (code == 3 && common.json && !tool::has_printed()) {
        mend::document nothing = mend::document::object();
        nothing.set("interrupted", true);
        tool::print(nothing);
    }
    if (!std::cout.flush()) {
        throw mend::file_error("stdout", "can not be written");
    }
    return code;
}

} // namespace

int main(int count, char** words) {
    keep_heap_small();
    try {
        return run(count, words);
    } catch (const mend::error& mistake) {
        std::cerr << "mend: " << mistake.what() << '\n';
        return 2;
    } catch (const std::bad_alloc&) {
        std::cerr << "mend: out of memory\n";
        return 2;
    } catch (const std::exception& defect) {
        std::cerr << "mend: internal error: " << defect.what() << '\n';
        return 2;
    }
}
