#ifndef DEVICE_H
#define DEVICE_H

#include "stores.h"

#define KEY_BYTES 32
#define SIGNATURE_BYTES 64

struct device {
    signal_context *library;
    struct stores stores;
    signal_protocol_store_context *context;
    ratchet_identity_key_pair *identity;
};

/* What a device publishes, with the one pre-key that is used of it. */
struct bundle {
    uint32_t device_id;
    uint32_t pre_key_id;
    uint32_t signed_pre_key_id;
    uint8_t identity_key[KEY_BYTES];
    uint8_t pre_key[KEY_BYTES];
    uint8_t signed_pre_key[KEY_BYTES];
    uint8_t signature[SIGNATURE_BYTES];
};

/* A new device; its pre-keys have the numbers from 1 on. */
struct device *create_device(signal_context *library, uint32_t device_id, uint32_t pre_keys);

void free_device(struct device *device);

struct bundle bundle_of(struct device *device, uint32_t pre_key_id);

/* 100 pre-keys and a signed one, which are not kept. */
void renew_pre_keys(struct device *device);

#endif
