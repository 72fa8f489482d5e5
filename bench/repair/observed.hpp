// SPDX-License-Identifier: MIT
/// What was seen of drawn faults: findings, and which steps mended them. As text, too.
#pragma once

#include <algorithm>
#include <istream>
#include <map>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#include <mend/core/error.hpp>
#include <mend/repair/step.hpp>
#include <mend/repair/step_traits.hpp>

namespace mend {

/// A step, and whether it won back half of what the fault had lost.
struct observed_step {
    step_kind kind = step_kind::other;
    step_traits traits{};
    bool wins = false;
};

struct observed {
    std::map<std::string, double> findings; ///< the confidence of each code
    std::vector<observed_step> steps;
};

/// A line of "fault", its findings, then its steps.
inline void write_observed(std::ostream& out, const std::vector<observed>& all) {
    out.precision(17);
    for (const observed& o : all) {
        out << "fault\n";
        for (const auto& [code, confidence] : o.findings) {
            out << "finding " << code << ' ' << confidence << '\n';
        }
        for (const observed_step& s : o.steps) {
            out << "step " << to_text(s.kind) << ' ' << s.wins;
            for (const double trait : s.traits) {
                out << ' ' << trait;
            }
            out << '\n';
        }
    }
}

/// Throws usage_error for what write_observed does not write.
[[nodiscard]] inline std::vector<observed>
read_observed(std::istream& in, const std::string& name) {
    std::vector<observed> all;
    std::string line;
    while (std::getline(in, line)) {
        std::istringstream words(line);
        std::string what;
        std::string which;
        words >> what;
        bool ok = what == "fault" || !all.empty();
        if (what == "fault") {
            all.emplace_back();
        } else if (ok && what == "finding") {
            words >> which;
            words >> all.back().findings[which];
        } else if (ok && what == "step") {
            observed_step& s = all.back().steps.emplace_back();
            words >> which >> s.wins;
            for (double& trait : s.traits) {
                words >> trait;
            }
            const auto kind = std::find(step_kind_names.begin(), step_kind_names.end(), which);
            ok = kind != step_kind_names.end();
            s.kind = ok ? static_cast<step_kind>(kind - step_kind_names.begin()) : s.kind;
        } else {
            ok = false;
        }
        if (!ok || words.fail()) {
            throw usage_error(name, "\"" + line + "\" is not what was observed");
        }
    }
    return all;
}

} // namespace mend
