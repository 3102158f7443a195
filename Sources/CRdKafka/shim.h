// The C API of librdkafka and of its mock cluster, as Debian's librdkafka-dev ships them.
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
