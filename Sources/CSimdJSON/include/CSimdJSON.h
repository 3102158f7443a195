/// One JSON object in, the values of a fixed set of paths out; a thin layer over simdjson.
///
/// A reader is told once which dotted paths are of interest. Each call then parses one record, walks it once
/// (refusing duplicate keys, objects with too many fields and nesting beyond the limit) and leaves the values
/// in an array of slots. A plain record, without escapes or unusual numbers, is walked where simdjson's first
/// stage has found its structure; any other one goes through simdjson's DOM tape. Nothing is allocated per
/// record once buffers have grown.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What a slot holds.
enum shoal_json_kind {
    /// The path is not in the record, or is null.
    SHOAL_JSON_ABSENT = 0,
    SHOAL_JSON_BOOLEAN = 1,
    SHOAL_JSON_INTEGER = 2,
    SHOAL_JSON_REAL = 3,
    SHOAL_JSON_TEXT = 4,
    /// An integer between 2^63 and 2^64 - 1.
    SHOAL_JSON_UNSIGNED = 5,
    SHOAL_JSON_OBJECT = 6,
    SHOAL_JSON_ARRAY = 7,
};

/// The value of one path.
typedef struct shoal_json_slot {
    /// Text, unescaped; lent until the next record.
    const uint8_t *text;
    /// A truth value, an integer or the bits of a double, by `kind`.
    uint64_t bits;
    uint32_t length;
    uint8_t kind;
} shoal_json_slot;

/// What became of a record.
enum shoal_json_result {
    SHOAL_JSON_OK = 0,
    /// Not JSON, or deeper than the limit, or with a number that fits no type: somebody slower must say what.
    SHOAL_JSON_REFUSED = 1,
    SHOAL_JSON_NOT_OBJECT = 2,
    SHOAL_JSON_DUPLICATE_KEY = 3,
    SHOAL_JSON_TOO_MANY_FIELDS = 4,
    SHOAL_JSON_TOO_DEEP = 5,
    SHOAL_JSON_TOO_MANY_ITEMS = 6,
    SHOAL_JSON_ITEM_NOT_OBJECT = 7,
    /// Well-formed, but a number that was read may have lost its value or be too long: its text must be seen.
    SHOAL_JSON_SUSPICIOUS_NUMBER = 8,
};

typedef struct shoal_json_reader shoal_json_reader;

/// Creates a reader; the outermost object has depth 1, and all limits are inclusive.
shoal_json_reader *shoal_json_create(uint32_t depth_max, uint32_t fields_max, uint32_t items_max);
void shoal_json_destroy(shoal_json_reader *reader);

/// Adds a dotted path and returns its slot; a path that is there already keeps its slot.
int32_t shoal_json_add_path(shoal_json_reader *reader, const uint8_t *path, size_t length);

/// Adds a path at which a list of items may be; of several, the first added that is present is read.
/// Its slot says whether there is a list.
int32_t shoal_json_add_items_path(shoal_json_reader *reader, const uint8_t *path, size_t length);

/// Adds a dotted path inside an item and returns its index among the slots of one item.
int32_t shoal_json_add_item_path(shoal_json_reader *reader, const uint8_t *path, size_t length);

/// Ends the set of paths; must be called once, before the first record.
void shoal_json_seal(shoal_json_reader *reader);

/// Parses one record and fills the slots.
///
/// `is_padded`: at least 64 readable bytes follow the record; otherwise it is copied first if it ends near the
/// end of a page.
/// `trusts_numbers`: the caller has seen the text of every number; never answers `SUSPICIOUS_NUMBER`.
int32_t shoal_json_read(
    shoal_json_reader *reader, const uint8_t *record, size_t length, int32_t is_padded,
    int32_t trusts_numbers);

/// The slots by path; valid from `shoal_json_seal` on, refilled by each record.
const shoal_json_slot *shoal_json_slots(const shoal_json_reader *reader);

/// The number of items of the record.
uint32_t shoal_json_item_count(const shoal_json_reader *reader);

/// How many slots an item has.
uint32_t shoal_json_item_slot_count(const shoal_json_reader *reader);

/// The slots of the items, one item after the other.
const shoal_json_slot *shoal_json_item_slots(const shoal_json_reader *reader);

/// The item that is not an object, after `SHOAL_JSON_ITEM_NOT_OBJECT`.
uint32_t shoal_json_offending_item(const shoal_json_reader *reader);

/// Whether bytes are well-formed UTF-8.
int32_t shoal_utf8_is_valid(const uint8_t *bytes, size_t length);

/// Goes on with the remainder of a CRC-32C, by the processor's own instruction.
///
/// Answers 0, with the remainder as it was, where the processor has none.
int32_t shoal_crc32c(uint32_t *remainder, const uint8_t *bytes, size_t length);

/// Asks for a cache line before it is needed. A hint: any address will do, and nothing waits for it.
static inline void shoal_prefetch(const void *address) { __builtin_prefetch(address); }

#ifdef __cplusplus
}
#endif
