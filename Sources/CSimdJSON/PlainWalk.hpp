// Reads plain records from the structural characters that simdjson's first stage found, without the tape of its second.
//
// Plain is nearly all that producers write: no escapes, no exponents, no number of more digits than a `double` holds
// exactly, no key that the table has no number for, nesting of a few levels. What is not plain, be it wrong or only
// unusual, is left to the tape, so nothing here says why a record is bad.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "CSimdJSON.h"
#include "KeyTable.hpp"
#include "PathTree.hpp"

namespace shoal {

class PlainWalk {
public:
    struct Limits {
        uint32_t depthMax, fieldsMax, itemsMax;
    };

    // What the first stage found in one record, the record's length behind the last index. 16 bytes can be loaded from
    // anywhere in the record.
    struct Structure {
        const uint8_t *record;
        size_t length;
        const uint32_t *indexes;
        uint32_t count;
    };

    // Where values go, all of them empty before; those of an item are zeroed when it begins.
    struct Slots {
        shoal_json_slot *values, *items;
        uint32_t perItem;
        // Takes note of slots that are filled; there is room for all, and one more.
        shoal_json_slot **filled;
    };

    // Of the record that was read last.
    uint32_t itemCount = 0, filledCount = 0;

    // Whether the record is plain. If so, the slots are filled, with texts that are lent until the next record.
    bool read(
        const Structure &structure, const Slots &into, const Limits &within, KeyTable &keyTable, PathTree &pathTree) {
        if (std::memchr(structure.record, '\\', structure.length) != nullptr) return false;
        if (texts.size() < structure.length + copiedAtOnce) texts.resize(2 * (structure.length + copiedAtOnce));
        record = structure.record;
        end = structure.indexes + structure.count;
        slots = into;
        limits = within;
        limits.depthMax = std::min(limits.depthMax, KeyTable::levels);
        keys = &keyTable;
        nodes = pathTree.nodes.data();
        text = texts.data();
        itemCount = filledCount = 0;
        return record[*structure.indexes] == '{'
            && object(structure.indexes + 1, PathTree::root, slots.values, 1) == end;
    }

private:
    // Where the walk is among the structural characters; null where the record is not plain.
    using Place = const uint32_t *;

    static constexpr size_t copiedAtOnce = 16;
    // As many decimal digits as a `double` always holds, and powers of ten that it holds exactly.
    static constexpr ptrdiff_t realDigitsMax = 15;
    static constexpr ptrdiff_t integerDigitsMax = 18;
    static constexpr double powersOfTen[] = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

    const uint8_t *record = nullptr;
    Place end = nullptr;
    Slots slots{};
    Limits limits{};
    KeyTable *keys = nullptr;
    PathNode *nodes = nullptr;
    std::vector<uint8_t> texts;
    uint8_t *text = nullptr;

    static bool isSpace(uint8_t byte) { return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t'; }
    static bool isDigit(uint8_t byte) { return uint8_t(byte - '0') < 10; }

    // The end of the scalar at `at`: only white space is between it and the next structural character.
    const uint8_t *endOfScalar(Place at) const {
        const uint8_t *after = record + at[1];
        while (isSpace(after[-1])) --after;
        return after;
    }

    // From behind an opening brace to behind its closing one.
    Place object(Place at, int32_t node, shoal_json_slot *base, uint32_t depth) {
        if (depth > limits.depthMax || at == end) return nullptr;
        if (record[*at] == '}') return at + 1;
        PathNode::Step *steps = nodes[node].steps.data();
        uint64_t serial = keys->nextSerial();
        int32_t previous = 0;
        for (uint32_t fields = 1; fields <= limits.fieldsMax; ++fields) {
            // A key, a colon, a value, and what comes after it.
            if (end - at < 4 || record[at[0]] != '"' || record[at[1]] != ':') return nullptr;
            KeyView key;
            key.bytes = record + *at + 1;
            key.length = uint32_t(endOfScalar(at) - key.bytes) - 1;
            int32_t id = steps[previous].successor;
            if (id < 0 || !keys->matches(id, key)) id = keys->intern(key);
            if (id < 0 || !keys->note(id, serial, depth - 1)) return nullptr;
            steps[previous].successor = int16_t(id);
            previous = id + 1;
            at = value(at + 2, steps[previous].child, base, depth);
            if (at == nullptr || at >= end) return nullptr;
            uint8_t separator = record[*at++];
            if (separator == '}') return at;
            if (separator != ',') return nullptr;
        }
        return nullptr;
    }

    // To behind a value that leads to `child`, or nowhere if that is negative. `at` is not the end.
    __attribute__((always_inline)) Place value(Place at, int32_t child, shoal_json_slot *base, uint32_t depth) {
        shoal_json_slot ignored;
        int32_t number = child < 0 ? -1 : nodes[child].slot;
        shoal_json_slot &slot = number < 0 ? ignored : base[number];
        slots.filled[filledCount] = &slot;
        filledCount += number >= 0;
        uint8_t first = record[*at];
        if (first == '"') {
            if (number >= 0) copyText(at, slot);
            return at + 1;
        }
        if (first == '-' || isDigit(first)) return readNumber(at, slot) ? at + 1 : nullptr;
        return unusual(at, first, slot, child, base, depth);
    }

    __attribute__((noinline)) Place unusual(
        Place at, uint8_t first, shoal_json_slot &slot, int32_t child, shoal_json_slot *base, uint32_t depth) {
        switch (first) {
        case '{':
            slot.kind = SHOAL_JSON_OBJECT;
            return object(at + 1, child < 0 ? PathTree::elsewhere : child, base, depth + 1);
        case '[':
            slot.kind = SHOAL_JSON_ARRAY;
            if (child < 0 || nodes[child].itemsRank < 0) return array(at + 1, depth + 1);
            // Of several lists the tape knows which one counts.
            return nodes[child].itemsRank == 0 ? items(at + 1, depth + 1) : nullptr;
        case 't':
            if (!isLiteral(at, "true", 4)) return nullptr;
            slot.kind = SHOAL_JSON_BOOLEAN;
            slot.bits = 1;
            return at + 1;
        case 'f':
            if (!isLiteral(at, "false", 5)) return nullptr;
            slot.kind = SHOAL_JSON_BOOLEAN;
            slot.bits = 0;
            return at + 1;
        case 'n': return isLiteral(at, "null", 4) ? at + 1 : nullptr;
        default: return nullptr;
        }
    }

    // Without escapes a text is what lies between its quotes, and the first stage has found it well-formed.
    void copyText(Place at, shoal_json_slot &slot) {
        const uint8_t *start = record + *at + 1;
        uint32_t length = uint32_t(endOfScalar(at) - start) - 1;
        uint8_t *copy = text;
        slot.length = length;
        slot.text = copy;
        slot.kind = SHOAL_JSON_TEXT;
        text = copy + length;
        // Of what is copied beyond the end, nothing is read. All texts together are shorter than the record.
        for (size_t done = 0; done < length; done += copiedAtOnce)
            std::memcpy(copy + done, start + done, copiedAtOnce);
    }

    bool isLiteral(Place at, const char *literal, ptrdiff_t length) const {
        const uint8_t *start = record + *at;
        return endOfScalar(at) - start == length && std::memcmp(start, literal, size_t(length)) == 0;
    }

    // Clinger, "How to read floating point numbers accurately", PLDI 1990: where digits and power of ten are both
    // exact, their quotient is the nearest `double`.
    bool readNumber(Place place, shoal_json_slot &slot) const {
        const uint8_t *at = record + *place, *after = endOfScalar(place);
        bool isNegative = *at == '-';
        at += isNegative;
        const uint8_t *first = at;
        uint64_t digits = 0;
        for (; at < after && isDigit(*at); ++at) digits = 10 * digits + (*at - '0');
        ptrdiff_t count = at - first;
        if (count == 0 || count > integerDigitsMax || (count > 1 && *first == '0')) return false;
        if (at == after) {
            slot.kind = SHOAL_JSON_INTEGER;
            slot.bits = isNegative ? -digits : digits;
            return true;
        }
        if (*at != '.') return false;
        const uint8_t *fraction = ++at;
        for (; at < after && isDigit(*at); ++at) digits = 10 * digits + (*at - '0');
        ptrdiff_t fractionCount = at - fraction;
        if (at != after || fractionCount == 0 || count + fractionCount > realDigitsMax) return false;
        double magnitude = double(digits) / powersOfTen[fractionCount];
        double number = isNegative ? -magnitude : magnitude;
        slot.kind = SHOAL_JSON_REAL;
        std::memcpy(&slot.bits, &number, sizeof number);
        return true;
    }

    // A list that nobody reads, from behind its opening bracket to behind the closing one.
    Place array(Place at, uint32_t depth) {
        if (depth > limits.depthMax || at == end) return nullptr;
        if (record[*at] == ']') return at + 1;
        while (at < end) {
            at = value(at, -1, nullptr, depth);
            if (at == nullptr || at >= end) return nullptr;
            uint8_t separator = record[*at++];
            if (separator == ']') return at;
            if (separator != ',') return nullptr;
        }
        return nullptr;
    }

    // As `array`, of items.
    Place items(Place at, uint32_t depth) {
        if (depth > limits.depthMax || at == end) return nullptr;
        if (record[*at] == ']') return at + 1;
        while (at < end && itemCount < limits.itemsMax && record[*at] == '{') {
            shoal_json_slot *base = slots.items + size_t(itemCount++) * slots.perItem;
            std::memset(base, 0, slots.perItem * sizeof(shoal_json_slot));
            at = object(at + 1, PathTree::item, base, depth + 1);
            if (at == nullptr || at >= end) return nullptr;
            uint8_t separator = record[*at++];
            if (separator == ']') return at;
            if (separator != ',') return nullptr;
        }
        return nullptr;
    }
};

}  // namespace shoal
