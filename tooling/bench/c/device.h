#ifndef BENCH_DEVICE_H
#define BENCH_DEVICE_H

#include <signal_protocol.h>

/* What a store holds under one id. */
struct record {
    uint8_t *bytes;
    size_t length;
};

/* A device whose stores are in memory: sessions by the id of the other device, which counts from 1, and one pre-key that is never used up. */
struct device {
    signal_context *context;
    signal_protocol_store_context *stores;
    ratchet_identity_key_pair *identity;
    session_pre_key *pre_key;
    session_signed_pre_key *signed_pre_key;
    struct record pre_key_record;
    struct record signed_pre_key_record;
    struct record *sessions;
    size_t session_count;
};

struct device *create_device(signal_context *context);
void destroy_device(struct device *device);

#endif
