// SPDX-License-Identifier: MIT
/// Numbers, percentages, durations and lists as text. std::format is missing from libstdc++ 12.
#pragma once

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace mend {

/// The shortest decimal text that reads back to the same number: 0.001, 1e-07, 32, nan, inf.
/// float and double each in their own precision.
template <class Number>
[[nodiscard, gnu::noinline]] std::string to_text(Number value) {
    std::array<char, 40> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    return {buffer.data(), end};
}

[[nodiscard]] inline std::string to_text(bool value) { return value ? "true" : "false"; }

/// A number with a fixed count of decimals: fixed_text(0.98214, 3) is "0.982".
[[nodiscard]] inline std::string fixed_text(double value, int decimals) {
    std::array<char, 400> buffer{};
    const auto result = std::to_chars(
        buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, decimals
    );
    return {buffer.data(), result.ptr};
}

/// A number for people: four significant digits, no trailing zeros.
[[nodiscard]] inline std::string short_text(double value) {
    std::array<char, 40> buffer{};
    const auto result = std::to_chars(
        buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::general, 4
    );
    return {buffer.data(), result.ptr};
}

/// To so many significant digits: ten times a tenth is what it was.
[[nodiscard]] inline double rounded(double value, int digits = 12) {
    std::array<char, 40> text{};
    const auto end = std::to_chars(
        text.data(), text.data() + text.size(), value, std::chars_format::general, digits
    );
    std::from_chars(text.data(), end.ptr, value);
    return value;
}

/// 0.5 is "50.0 %".
[[nodiscard]] inline std::string percent_text(double share) {
    return fixed_text(share * 100.0, 1) + " %";
}

/// "0.84 s", "12.3 s", "3 min 07 s", "2 h 05 min".
[[nodiscard]] inline std::string duration_text(double seconds) {
    if (!(seconds >= 0)) {
        return "?";
    }
    if (seconds < 59.95) {
        return fixed_text(seconds, seconds < 9.995 ? 2 : 1) + " s";
    }
    const auto padded = [](long value) { return (value < 10 ? "0" : "") + std::to_string(value); };
    const long whole = std::lround(seconds);
    if (whole < 3600) {
        return std::to_string(whole / 60) + " min " + padded(whole % 60) + " s";
    }
    return std::to_string(whole / 3600) + " h " + padded(whole % 3600 / 60) + " min";
}

/// A name without its spelling: lower case, no underscores, hyphens or spaces. "he_normal",
/// "HeNormal" and "heNormal" are one.
[[nodiscard, gnu::noinline]] inline std::string plain_name(std::string_view name) {
    std::string plain;
    for (const char c : name) {
        if (c >= 'A' && c <= 'Z') {
            plain += static_cast<char>(c - 'A' + 'a');
        } else if (c != '_' && c != '-' && c != ' ') {
            plain += c;
        }
    }
    return plain;
}

/// The parts one after another. Where texts are built and speed does not count, it makes a fraction
/// of the code that a chain of + makes.
[[nodiscard, gnu::noinline]] inline std::string concat(std::initializer_list<std::string_view> parts
) {
    std::string whole;
    for (const std::string_view part : parts) {
        whole += part;
    }
    return whole;
}

[[nodiscard, gnu::noinline]] inline std::string
join(const std::vector<std::string>& parts, std::string_view separator) {
    std::string joined;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        joined += i == 0 ? std::string_view{} : separator;
        joined += parts[i];
    }
    return joined;
}

/// A count and what is counted: "1 trial", "2 trials"; `many` where the plural takes more than an
/// s.
[[nodiscard, gnu::noinline]] inline std::string
counted(long long count, std::string_view one, std::string_view many = {}) {
    const bool plain = count != 1 && many.empty();
    return concat({std::to_string(count), " ", count == 1 || plain ? one : many, plain ? "s" : ""});
}

} // namespace mend
