// The paths of interest as a tree: what each key means below each object that leads somewhere.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "KeyTable.hpp"

namespace shoal {

struct PathNode {
    // What is known of one key in this object.
    struct Step {
        // The key that came after it last time; the next guess.
        int16_t successor = -1;
        // The node it leads to, if a path goes through it.
        int16_t child = -1;
    };

    // Place 0 stands for "before the first key", place `id + 1` for a key.
    std::vector<Step> steps = std::vector<Step>(KeyTable::capacity + 1);
    int32_t slot = -1;
    // Which list of items this is, in order of preference.
    int32_t itemsRank = -1;
};

class PathTree {
public:
    static constexpr int32_t root = 0;
    // Objects that lead to no path share one node: only their key order is remembered.
    static constexpr int32_t elsewhere = 1;
    static constexpr int32_t item = 2;

    PathTree() : nodes(3) {}

    // The node at the end of a dotted path below `start`, made if it is new; -1 if a key cannot be numbered.
    int32_t add(int32_t start, std::string_view path, KeyTable &keys) {
        int32_t node = start;
        while (true) {
            size_t dot = path.find('.');
            std::string part(path.substr(0, dot));
            uint32_t length = uint32_t(part.size());
            part.resize(length + 16);
            int32_t id = keys.intern({reinterpret_cast<const uint8_t *>(part.data()), length});
            if (id == KeyTable::none || nodes.size() >= INT16_MAX) return -1;
            int32_t child = nodes[node].steps[id + 1].child;
            if (child < 0) {
                child = int32_t(nodes.size());
                nodes[node].steps[id + 1].child = int16_t(child);
                nodes.emplace_back();
            }
            node = child;
            if (dot == std::string_view::npos) return node;
            path.remove_prefix(dot + 1);
        }
    }

    std::vector<PathNode> nodes;
};

}  // namespace shoal
