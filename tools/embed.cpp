// SPDX-License-Identifier: MIT
// Runs while building: writes a C++ file that holds the text of other files.
//     embed OUTPUT NAME FILE...   defines  extern const std::vector<std::string_view> NAME;
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

int main(int count, char** words) {
    if (count < 3) {
        std::cerr << "usage: embed OUTPUT NAME FILE...\n";
        return 2;
    }
    std::ostringstream code;
    code << "#include <string_view>\n#include <vector>\n\n"
         << "extern const std::vector<std::string_view> " << words[2] << ";\n"
         << "const std::vector<std::string_view> " << words[2] << "{\n";
    for (int i = 3; i < count; ++i) {
        std::ifstream file(words[i], std::ios::binary);
        std::ostringstream text;
        text << file.rdbuf();
        if (!file) {
            std::cerr << words[i] << ": cannot be read\n";
            return 2;
        }
        code << "    std::string_view(R\"embedded(" << text.str() << ")embedded\"),\n";
    }
    code << "};\n";
    std::ofstream output(words[1], std::ios::binary);
    output << code.str();
    output.close();
    if (!output) {
        std::cerr << words[1] << ": cannot be written\n";
        return 2;
    }
}
