#ifndef STORES_H
#define STORES_H

#include <signal_protocol.h>

/* Records as bytes, each at its number. */
struct records {
    signal_buffer **at;
    uint32_t length;
};

/* What a device keeps, in memory. Its sessions are under the device ID of the other, names are not looked at. */
struct stores {
    struct records sessions;
    struct records pre_keys;
    struct records signed_pre_keys;
    signal_buffer *identity_public;
    signal_buffer *identity_private;
    uint32_t device_id;
};

/* Makes the library use the stores, which have to outlive the context. */
int attach_stores(signal_protocol_store_context *context, struct stores *stores);

void free_stores(struct stores *stores);

#endif
