// The keys that a producer is known to write, each with a small number, found by guess or by hash.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

namespace shoal {

// A key as it lies in simdjson's string buffer or in a record, both of which have slack after their last string: 16
// bytes may be loaded from any key's start.
struct KeyView {
    const uint8_t *bytes;
    uint32_t length;

    uint64_t low() const {
        uint64_t word;
        std::memcpy(&word, bytes, 8);
        return word & mask(length);
    }

    uint64_t high() const {
        uint64_t word;
        std::memcpy(&word, bytes + 8, 8);
        return word & (length > 8 ? mask(length - 8) : 0);
    }

    static uint64_t mask(uint32_t length) { return length >= 8 ? ~0ULL : (1ULL << (8 * length)) - 1; }
};

class KeyTable {
public:
    static constexpr int32_t none = -1;
    // Producers write a few dozen keys; what is beyond this many distinct ones is compared the slow way.
    static constexpr uint32_t capacity = 512;
    static constexpr uint32_t lengthMax = 128;
    // Objects within each other whose keys can be noted at a time.
    static constexpr uint32_t levels = 6;

    KeyTable() : entries(capacity), places(placeCount, none) {}

    // Whether `key` is the key with number `id`; the common case of a right guess.
    bool matches(int32_t id, const KeyView &key) const {
        const Entry &entry = entries[id];
        if (entry.length != key.length) return false;
        uint64_t low, high;
        std::memcpy(&low, key.bytes, 8);
        std::memcpy(&high, key.bytes + 8, 8);
        if (((low ^ entry.low) & entry.lowMask) | ((high ^ entry.high) & entry.highMask)) return false;
        return key.length <= 16 || std::memcmp(entry.text + 16, key.bytes + 16, key.length - 16) == 0;
    }

    // The number of `key`, which gets one if there is room; `none` if not.
    int32_t intern(const KeyView &key) {
        if (key.length > lengthMax) return none;
        uint64_t low = key.low(), high = key.high();
        uint64_t hash = (low * 0x9E3779B97F4A7C15ULL) ^ (high * 0xC2B2AE3D27D4EB4FULL) ^ key.length;
        hash ^= hash >> 29;
        hash *= 0xBF58476D1CE4E5B9ULL;
        for (uint32_t probe = 0; probe < probesMax; ++probe) {
            uint32_t place = ((hash >> 32) + probe) & (placeCount - 1);
            int32_t id = places[place];
            if (id != none) {
                if (matches(id, key)) return id;
                continue;
            }
            if (count == capacity) return none;
            Entry &entry = entries[count];
            entry.length = key.length;
            entry.low = low;
            entry.high = high;
            entry.lowMask = KeyView::mask(key.length);
            entry.highMask = key.length > 8 ? KeyView::mask(key.length - 8) : 0;
            std::memcpy(entry.text, key.bytes, key.length);
            return places[place] = int32_t(count++);
        }
        return none;
    }

    // A number for an object, to note its keys with.
    uint64_t nextSerial() { return ++serials; }

    // Notes that `id` occurs in the object with number `serial`; false if it has occurred there before. An object in
    // whose midst another one is walked needs another level than that.
    bool note(int32_t id, uint64_t serial, uint32_t level) {
        if (entries[id].serials[level] == serial) return false;
        entries[id].serials[level] = serial;
        return true;
    }

private:
    static constexpr uint32_t placeCount = 2048;
    // A key that finds no place within so many steps goes unnumbered, so that chosen keys cannot make
    // every search long.
    static constexpr uint32_t probesMax = 8;

    // What a right guess looks at lies in one cache line.
    struct alignas(64) Entry {
        uint64_t low = 0, high = 0, lowMask = 0, highMask = 0;
        uint32_t length = 0;
        uint64_t serials[levels] = {};
        char text[lengthMax] = {};
    };

    std::vector<Entry> entries;
    std::vector<int32_t> places;
    uint32_t count = 0;
    uint64_t serials = 0;
};

}  // namespace shoal
