extension WrongConfiguration {
    static let sources = [
        WrongConfiguration(
            "no sources", "sources: []",
            "1: sources: is empty; write a list, as `- {name: shop, topics: [clicks]}`, "
                + "or remove it to read canonical events"),
        WrongConfiguration(
            "no name and a wrong word", "sources:\n  - topic: clicks\n",
            "2: sources[0].name: missing; write name: shop",
            "2: sources[0].topic: unknown setting; write topics instead"),
        WrongConfiguration(
            "names and topics given twice",
            """
            sources:
              - {name: a, topics: [x, segment-changes]}
              - {name: a, topics: x, topic: y}
            """,
            "2: sources[0].topics[1]: `segment-changes` is where shoal writes changes; read another topic",
            "3: sources[1].name: `a` is given twice, first at f.yaml:2; give each source its own name",
            "3: sources[1].topics: `x` is read by source a as well; give each topic one source",
            "3: sources[1].topic: unknown setting; write topics instead"),
        WrongConfiguration(
            "sources that are not keyed by customer",
            """
            topics: {events: e}
            sources:
              - {name: a, keyed: false}
              - {name: b, keyed: false, topics: [e]}
              - {name: c, keyed: no thanks, topics: [x]}
            """,
            "3: sources[0].keyed: has no meaning without topics; name them, as topics: [clicks], or remove it",
            "4: sources[1].topics[0]: `e` is where records of sources with keyed: false go; "
                + "read another topic, or name another one in topics.events",
            "5: sources[2].keyed: `no thanks` is neither true nor false; write true or false"),
        WrongConfiguration(
            "columns",
            """
            sources:
              - {name: a, format: csv, topics: [x]}
              - {name: b, format: csv, header: true, columns: [customer_id, p, p]}
              - {name: c, columns: [p]}
              - {name: d, format: xml, time_format: epoch}
            """,
            "2: sources[0].columns: missing; "
                + "write columns: [customer, time], since records of a topic have no header",
            "3: sources[1].columns[2]: `p` is given twice; give each column its own name",
            "3: sources[1].header: given beside columns; "
                + "keep one of the two: a header names the columns itself",
            "4: sources[2].columns: has no meaning for json; remove it, or write format: csv",
            "5: sources[3].format: unknown word `xml`; write one of json, csv, tsv",
            "5: sources[3].time_format: unknown word `epoch`; write one of canonical, epoch_seconds, "
                + "epoch_milliseconds, epoch_microseconds, date_time, date"),
        WrongConfiguration(
            "fields",
            """
            sources:
              - name: a
                fields:
                  costumer_id: user
                  colour: c
                  category: user.gender
                  price: {paths: p}
                constants: {chanel: web, currency: []}
            """,
            "4: sources[0].fields.costumer_id: no field of an event, and no feature reads it; "
                + "write customer_id instead",
            "5: sources[0].fields.colour: no field of an event, and no feature reads it; "
                + "write properties.colour, or remove it",
            "6: sources[0].fields.category: `gender` is a sensitive attribute; "
                + "remove it, or write allow_sensitive: true and sensitive_reason: at the top of the file",
            "7: sources[0].fields.price.path: missing; write path: user.id",
            "7: sources[0].fields.price.paths: unknown setting; write path instead",
            "8: sources[0].constants.chanel: no field of an event, and no feature reads it; "
                + "write channel instead",
            "8: sources[0].constants.currency: a list where a constant is expected; "
                + "write text, a number, true or false"),
        WrongConfiguration(
            "columns that are not there",
            """
            sources:
              - name: a
                format: tsv
                columns: [user, time]
                fields: {timestamp: tiem}
                ignore: [{colour: red}]
            """,
            "2: sources[0].columns: no column `tiem`, which the source reads; "
                + "write time there, or name the column so",
            "2: sources[0].columns: no column `colour`, which the source reads; name one of the columns so",
            "2: sources[0].fields.customer_id: missing; "
                + "write which column holds the customer, as fields: {customer_id: user}"),
        WrongConfiguration(
            "fields of a basket's lines",
            """
            sources:
              - {name: a, item_fields: {sku: x}}
              - {name: b, format: csv, header: true, item_fields: {price: x}}
            """,
            "2: sources[0].item_fields.sku: unknown setting; "
                + "write one of product_id, category, quantity, price",
            "3: sources[1].item_fields.price: has no meaning for lines of columns; "
                + "remove it, or write format: json"),
        WrongConfiguration(
            "conditions",
            """
            sources:
              - name: a
                type_rules:
                  - {when: {invoice: {prefx: C}}, becomes: return}
                  - {when: {invoice: {prefix: C}}}
                ignore:
                  - {price: {below: 0}, quantity: 1}
                  - {price: {}}
                  - {age: {below: 18}}
                unknown_types: drop
            """,
            "4: sources[0].type_rules[0].when.invoice.prefx: unknown setting; write prefix instead",
            "5: sources[0].type_rules[1].becomes: missing; write becomes: return",
            "7: sources[0].ignore[0]: 2 fields in one condition; "
                + "write one field and its test, as {price: {below: 0}}",
            "8: sources[0].ignore[1].price: 0 tests of one field; write one of prefix, present, below, not",
            "9: sources[0].ignore[2].age: `age` is a sensitive attribute; "
                + "remove it, or write allow_sensitive: true and sensitive_reason: at the top of the file",
            "10: sources[0].unknown_types: unknown word `drop`; write one of keep, ignore, reject"),
    ]
}
