#include "CSimdJSON.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "KeyTable.hpp"
#include "PathTree.hpp"
#include "PlainWalk.hpp"

using shoal::KeyTable;
using shoal::KeyView;
using shoal::PathNode;
using shoal::PathTree;
using shoal::PlainWalk;

namespace {

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) uint32_t crc32cByInstruction(
    uint32_t remainder, const uint8_t *bytes, size_t length) {
    uint64_t wide = remainder;
    for (; length >= 8; bytes += 8, length -= 8) {
        uint64_t word;
        std::memcpy(&word, bytes, sizeof word);
        wide = __builtin_ia32_crc32di(wide, word);
    }
    remainder = static_cast<uint32_t>(wide);
    for (; length > 0; ++bytes, --length) remainder = __builtin_ia32_crc32qi(remainder, *bytes);
    return remainder;
}
#endif

constexpr size_t paddingBytes = 64;
static_assert(simdjson::SIMDJSON_PADDING <= paddingBytes, "callers promise 64 readable bytes");

constexpr uint32_t unknown = UINT32_MAX;
// Beyond this many characters, trailing white space included, a number's text is looked at.
constexpr uint32_t numberLengthMax = 32;

// Whether the bytes that a parser reads beyond the end may lie on a page that is not there. No page is smaller, so
// anywhere else they are on the page of the last byte and can be read, whatever they are; simdjson's own `parse`
// relies on the same.
bool paddingMayBeMissing(const uint8_t *record, size_t length) {
    constexpr uintptr_t pageBytes = 4096;
    return reinterpret_cast<uintptr_t>(record + length - 1) % pageBytes + paddingBytes >= pageBytes;
}

// simdjson's tape: the type in the upper 8 bits of a word, the rest depends on it.
char tapeType(uint64_t word) { return char(word >> 56); }
// Of `{` and `[`: the index after the closing word, and the number of elements (at most 2^24 - 1).
uint32_t tapeAfter(uint64_t word) { return uint32_t(word); }
uint32_t tapeCount(uint64_t word) { return uint32_t(word >> 32) & 0xFFFFFF; }

}  // namespace

struct shoal_json_reader {
    // A list or object that is walked once the object it is in has been.
    struct Pending {
        uint32_t index;
        int32_t node;
    };

    simdjson::dom::parser parser;
    uint32_t depthMax, fieldsMax, itemsMax;

    KeyTable keys;
    PathTree tree;
    std::vector<shoal_json_slot> slots;
    // Slots of the lists of items, in order of preference.
    std::vector<int32_t> itemsSlots;
    uint32_t itemSlotCount = 0;
    std::vector<shoal_json_slot> itemSlots;
    uint32_t itemCount = 0;
    uint32_t offendingItem = 0;
    // Slots that hold something, so that not all need be emptied for the next record.
    std::vector<shoal_json_slot *> filled;
    uint32_t filledCount = 0;

    std::vector<uint8_t> padded;
    std::vector<Pending> pending;
    // Keys of the object in hand that the table has no number for.
    std::vector<std::string_view> unnumbered;
    PlainWalk plain;

    const uint64_t *tape = nullptr;
    const uint8_t *strings = nullptr;
    const uint32_t *structurals = nullptr;
    // Of the numbers read: one may be longer than a number should be; one was not looked at for that;
    // one is zero or nearly so.
    bool readLong = false, readUnmeasured = false, readTiny = false;

    bool grow(size_t length) {
        if (parser.capacity() >= length && parser.doc.capacity() >= length) return true;
        size_t capacity = 4096;
        while (capacity < length) capacity *= 2;
        // simdjson refuses at its limit, so it is one more than ours.
        return !parser.allocate(capacity, size_t(depthMax) + 1) && !parser.doc.allocate(capacity);
    }

    int32_t read(const uint8_t *record, size_t length, bool isPadded, bool trustsNumbers) {
        clear();
        if (length >= UINT32_MAX || !grow(length)) return SHOAL_JSON_REFUSED;
        if (!isPadded && paddingMayBeMissing(record, length)) {
            if (padded.size() < length + paddingBytes) padded.resize(parser.capacity() + paddingBytes);
            std::memcpy(padded.data(), record, length);
            std::memset(padded.data() + length, 0, paddingBytes);
            record = padded.data();
        }
        if (parser.implementation->stage1(record, length, simdjson::stage1_mode::regular)) return SHOAL_JSON_REFUSED;
        if (readPlain(record, length)) return SHOAL_JSON_OK;
        clear();
        return readTape(record, length, trustsNumbers);
    }

    void clear() {
        for (uint32_t index = 0; index < filledCount; ++index) filled[index]->kind = SHOAL_JSON_ABSENT;
        filledCount = itemCount = 0;
    }

    bool readPlain(const uint8_t *record, size_t length) {
        uint32_t count = parser.implementation->n_structural_indexes;
        uint32_t *indexes = parser.implementation->structural_indexes.get();
        // simdjson keeps room for two more, and does the same.
        indexes[count] = uint32_t(length);
        bool isPlain = plain.read(
            {record, length, indexes, count}, {slots.data(), itemSlots.data(), itemSlotCount, filled.data()},
            {depthMax, fieldsMax, itemsMax}, keys, tree);
        itemCount = plain.itemCount;
        filledCount = plain.filledCount;
        return isPlain;
    }

    int32_t readTape(const uint8_t *record, size_t length, bool trustsNumbers) {
        if (parser.implementation->stage2(parser.doc)) return SHOAL_JSON_REFUSED;
        tape = parser.doc.tape.get();
        strings = parser.doc.string_buf.get();
        if (tapeType(tape[1]) != '{') return SHOAL_JSON_NOT_OBJECT;

        structurals = parser.implementation->structural_indexes.get();
        readLong = readUnmeasured = readTiny = false;
        pending.clear();
        int32_t result = walkObject(1, PathTree::root, slots.data(), 1, 0);
        if (result == SHOAL_JSON_OK && !itemsSlots.empty()) result = readItems();
        if (result != SHOAL_JSON_OK || trustsNumbers) return result;
        if (readLong || (readUnmeasured && hasLongNumber(record, length))
            || (readTiny && hasNegativeExponent(record, length)))
            return SHOAL_JSON_SUSPICIOUS_NUMBER;
        return SHOAL_JSON_OK;
    }

    // Fills one slot from the word at `index`. `structural` is the number of the value's first character
    // among those that simdjson's first stage found, or `unknown`.
    void fill(shoal_json_slot &slot, uint32_t index, uint32_t structural) {
        uint64_t word = tape[index];
        filled[filledCount++] = &slot;
        switch (tapeType(word)) {
        case '"': {
            const uint8_t *start = strings + (word & 0xFFFFFFFFFFFFFF);
            std::memcpy(&slot.length, start, 4);
            slot.text = start + 4;
            slot.kind = SHOAL_JSON_TEXT;
            break;
        }
        case 'l':
            slot.kind = SHOAL_JSON_INTEGER;
            slot.bits = tape[index + 1];
            break;
        case 'u':
            slot.kind = SHOAL_JSON_UNSIGNED;
            slot.bits = tape[index + 1];
            break;
        case 'd':
            slot.kind = SHOAL_JSON_REAL;
            slot.bits = tape[index + 1];
            if (structural == unknown) {
                readUnmeasured = true;
            } else if (structurals[structural + 1] - structurals[structural] > numberLengthMax) {
                readLong = true;
            }
            // Zero or subnormal: exponent bits all zero.
            readTiny |= (slot.bits & 0x7FF0000000000000ULL) == 0;
            break;
        case 't':
            slot.kind = SHOAL_JSON_BOOLEAN;
            slot.bits = 1;
            break;
        case 'f':
            slot.kind = SHOAL_JSON_BOOLEAN;
            slot.bits = 0;
            break;
        case '{': slot.kind = SHOAL_JSON_OBJECT; break;
        case '[': slot.kind = SHOAL_JSON_ARRAY; break;
        default: break;
        }
    }

    // The keys of one object, then what is inside its values. `base` is where the slots of `node` lie,
    // `structural` the number of the opening brace among simdjson's structural characters or `unknown`.
    int32_t walkObject(
        uint32_t index, int32_t node, shoal_json_slot *base, uint32_t depth, uint32_t structural) {
        if (depth > depthMax) return SHOAL_JSON_TOO_DEEP;
        uint64_t word = tape[index];
        if (tapeCount(word) > fieldsMax) return SHOAL_JSON_TOO_MANY_FIELDS;
        uint32_t end = tapeAfter(word) - 1;
        size_t firstPending = pending.size();
        uint64_t object = keys.nextSerial();
        PathNode *nodes = tree.nodes.data();
        PathNode::Step *steps = nodes[node].steps.data();
        int32_t previous = 0;
        unnumbered.clear();
        ++index;
        // From the brace to the first value: key, colon, value; from value to value: comma, key, colon.
        if (structural != unknown) structural += 3;
        while (index < end) {
            KeyView key;
            const uint8_t *start = strings + (tape[index] & 0xFFFFFFFFFFFFFF);
            std::memcpy(&key.length, start, 4);
            key.bytes = start + 4;
            ++index;
            int32_t id = steps[previous].successor;
            if (id < 0 || !keys.matches(id, key)) id = keys.intern(key);
            int32_t child = -1;
            if (id >= 0) {
                if (!keys.note(id, object, 0)) return SHOAL_JSON_DUPLICATE_KEY;
                steps[previous].successor = int16_t(id);
                previous = id + 1;
                child = steps[previous].child;
            } else {
                unnumbered.emplace_back(reinterpret_cast<const char *>(key.bytes), key.length);
            }
            uint64_t value = tape[index];
            char type = tapeType(value);
            if (child >= 0 && nodes[child].slot >= 0) fill(base[nodes[child].slot], index, structural);
            if (type == '{' || type == '[') {
                if (child < 0) {
                    pending.push_back({index, PathTree::elsewhere});
                } else if (type == '[' && nodes[child].itemsRank >= 0) {
                    base[nodes[child].slot].bits = index;
                    base[nodes[child].slot].length = depth;
                } else {
                    pending.push_back({index, child});
                }
                index = tapeAfter(value);
                structural = unknown;
            } else {
                index += (type == 'l' || type == 'd' || type == 'u') ? 2 : 1;
                if (structural != unknown) structural += 4;
            }
        }
        if (unnumbered.size() > 1) {
            std::sort(unnumbered.begin(), unnumbered.end());
            if (std::adjacent_find(unnumbered.begin(), unnumbered.end()) != unnumbered.end())
                return SHOAL_JSON_DUPLICATE_KEY;
        }
        // What a call below adds it also takes away, so the end stays where it is now.
        size_t endPending = pending.size();
        for (size_t next = firstPending; next < endPending; ++next) {
            Pending container = pending[next];
            int32_t result = tapeType(tape[container.index]) == '{'
                ? walkObject(container.index, container.node, base, depth + 1, unknown)
                : walkArray(container.index, depth + 1);
            if (result != SHOAL_JSON_OK) return result;
        }
        pending.resize(firstPending);
        return SHOAL_JSON_OK;
    }

    // A list that nobody reads: its objects are still checked.
    int32_t walkArray(uint32_t index, uint32_t depth) {
        if (depth > depthMax) return SHOAL_JSON_TOO_DEEP;
        uint32_t end = tapeAfter(tape[index]) - 1;
        ++index;
        while (index < end) {
            uint64_t word = tape[index];
            char type = tapeType(word);
            if (type == '{' || type == '[') {
                int32_t result = type == '{' ? walkObject(index, PathTree::elsewhere, nullptr, depth + 1, unknown)
                                             : walkArray(index, depth + 1);
                if (result != SHOAL_JSON_OK) return result;
                index = tapeAfter(word);
            } else {
                index += (type == 'l' || type == 'd' || type == 'u') ? 2 : 1;
            }
        }
        return SHOAL_JSON_OK;
    }

    // The first list of items that is there is read, the others are only checked.
    int32_t readItems() {
        bool found = false;
        for (int32_t slot : itemsSlots) {
            shoal_json_slot &list = slots[size_t(slot)];
            if (list.kind == SHOAL_JSON_ABSENT) continue;
            if (list.kind == SHOAL_JSON_ARRAY) {
                uint32_t index = uint32_t(list.bits), depth = list.length + 1;
                int32_t result = found ? walkArray(index, depth) : readItemList(index, depth);
                if (result != SHOAL_JSON_OK) return result;
            }
            found = true;
        }
        return SHOAL_JSON_OK;
    }

    int32_t readItemList(uint32_t index, uint32_t depth) {
        if (depth > depthMax) return SHOAL_JSON_TOO_DEEP;
        uint64_t list = tape[index];
        if (tapeCount(list) > itemsMax) return SHOAL_JSON_TOO_MANY_ITEMS;
        uint32_t end = tapeAfter(list) - 1;
        ++index;
        int32_t result = SHOAL_JSON_OK;
        while (index < end) {
            uint64_t word = tape[index];
            if (tapeType(word) != '{') {
                offendingItem = itemCount;
                return SHOAL_JSON_ITEM_NOT_OBJECT;
            }
            shoal_json_slot *base = itemSlots.data() + size_t(itemCount) * itemSlotCount;
            std::memset(base, 0, itemSlotCount * sizeof(shoal_json_slot));
            result = walkObject(index, PathTree::item, base, depth + 1, unknown);
            if (result != SHOAL_JSON_OK) return result;
            ++itemCount;
            index = tapeAfter(word);
        }
        return result;
    }

    // Whether the text of some number is longer than a number should be.
    bool hasLongNumber(const uint8_t *record, size_t length) const {
        uint32_t count = parser.implementation->n_structural_indexes;
        for (uint32_t index = 0; index < count; ++index) {
            uint32_t next = index + 1 < count ? structurals[index + 1] : uint32_t(length);
            if (next - structurals[index] <= numberLengthMax) continue;
            uint8_t first = record[structurals[index]];
            if (first == '-' || (first >= '0' && first <= '9')) return true;
        }
        return false;
    }

    // Whether a number may be not zero but too small to tell: only a negative exponent does that to one
    // that is not long.
    static bool hasNegativeExponent(const uint8_t *record, size_t length) {
        const uint8_t *end = record + length;
        const uint8_t *at = record;
        while ((at = static_cast<const uint8_t *>(std::memchr(at, '-', size_t(end - at)))) != nullptr) {
            if (at > record && (at[-1] | 0x20) == 'e') return true;
            ++at;
        }
        return false;
    }
};

extern "C" {

shoal_json_reader *shoal_json_create(uint32_t depth_max, uint32_t fields_max, uint32_t items_max) {
    auto *reader = new shoal_json_reader();
    // The walk recurses, and the tape counts elements up to 2^24 - 1 only.
    reader->depthMax = std::min(depth_max, 1024u);
    reader->fieldsMax = std::min(fields_max, 0xFFFFFEu);
    reader->itemsMax = std::min(items_max, 0xFFFFFEu);
    reader->pending.reserve(256);
    reader->unnumbered.reserve(256);
    return reader;
}

void shoal_json_destroy(shoal_json_reader *reader) { delete reader; }

int32_t shoal_json_add_path(shoal_json_reader *reader, const uint8_t *path, size_t length) {
    std::string_view text(reinterpret_cast<const char *>(path), length);
    int32_t node = reader->tree.add(PathTree::root, text, reader->keys);
    if (node < 0) return -1;
    int32_t &slot = reader->tree.nodes[size_t(node)].slot;
    if (slot < 0) {
        slot = int32_t(reader->slots.size());
        reader->slots.push_back({});
    }
    return slot;
}

int32_t shoal_json_add_items_path(shoal_json_reader *reader, const uint8_t *path, size_t length) {
    int32_t slot = shoal_json_add_path(reader, path, length);
    if (slot < 0) return -1;
    std::string_view text(reinterpret_cast<const char *>(path), length);
    int32_t node = reader->tree.add(PathTree::root, text, reader->keys);
    reader->tree.nodes[size_t(node)].itemsRank = int32_t(reader->itemsSlots.size());
    reader->itemsSlots.push_back(slot);
    return slot;
}

int32_t shoal_json_add_item_path(shoal_json_reader *reader, const uint8_t *path, size_t length) {
    std::string_view text(reinterpret_cast<const char *>(path), length);
    int32_t node = reader->tree.add(PathTree::item, text, reader->keys);
    if (node < 0) return -1;
    int32_t &slot = reader->tree.nodes[size_t(node)].slot;
    if (slot < 0) slot = int32_t(reader->itemSlotCount++);
    return slot;
}

void shoal_json_seal(shoal_json_reader *reader) {
    reader->itemSlots.resize(size_t(reader->itemsMax) * reader->itemSlotCount + 1);
    reader->filled.resize(reader->slots.size() + reader->itemSlots.size());
}

int32_t shoal_json_read(
    shoal_json_reader *reader, const uint8_t *record, size_t length, int32_t is_padded,
    int32_t trusts_numbers) {
    return reader->read(record, length, is_padded != 0, trusts_numbers != 0);
}

const shoal_json_slot *shoal_json_slots(const shoal_json_reader *reader) { return reader->slots.data(); }

uint32_t shoal_json_item_count(const shoal_json_reader *reader) { return reader->itemCount; }

uint32_t shoal_json_item_slot_count(const shoal_json_reader *reader) { return reader->itemSlotCount; }

const shoal_json_slot *shoal_json_item_slots(const shoal_json_reader *reader) {
    return reader->itemSlots.data();
}

uint32_t shoal_json_offending_item(const shoal_json_reader *reader) { return reader->offendingItem; }

int32_t shoal_utf8_is_valid(const uint8_t *bytes, size_t length) {
    return simdjson::validate_utf8(reinterpret_cast<const char *>(bytes), length);
}

int32_t shoal_crc32c(uint32_t *remainder, const uint8_t *bytes, size_t length) {
#if defined(__x86_64__)
    static const bool isThere = __builtin_cpu_supports("sse4.2");
    if (!isThere) return 0;
    *remainder = crc32cByInstruction(*remainder, bytes, length);
    return 1;
#else
    (void)remainder, (void)bytes, (void)length;
    return 0;
#endif
}

}  // extern "C"
