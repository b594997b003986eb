#include <string.h>

#include <key_helper.h>

#include "device.h"
#include "must.h"

#define SIGNED_PRE_KEY_ID 1

static void create_identity(struct device *device)
{
    struct stores *stores = &device->stores;
    must(signal_protocol_key_helper_generate_identity_key_pair(&device->identity, device->library), "identity key");
    must(ec_public_key_serialize(&stores->identity_public, ratchet_identity_key_pair_get_public(device->identity)),
         "public identity key");
    must(ec_private_key_serialize(&stores->identity_private, ratchet_identity_key_pair_get_private(device->identity)),
         "private identity key");
}

static void create_pre_keys(struct device *device, uint32_t count)
{
    if (count == 0) return;
    signal_protocol_key_helper_pre_key_list_node *keys = NULL, *node;
    must(signal_protocol_key_helper_generate_pre_keys(&keys, 1, count, device->library), "pre-keys");
    for (node = keys; node != NULL; node = signal_protocol_key_helper_key_list_next(node)) {
        session_pre_key *key = signal_protocol_key_helper_key_list_element(node);
        must(signal_protocol_pre_key_store_key(device->context, key), "store pre-key");
    }
    signal_protocol_key_helper_key_list_free(keys);
}

static session_signed_pre_key *signed_pre_key_of(const struct device *device)
{
    session_signed_pre_key *key = NULL;
    must(signal_protocol_key_helper_generate_signed_pre_key(&key, device->identity, SIGNED_PRE_KEY_ID, 0,
                                                            device->library),
         "signed pre-key");
    return key;
}

struct device *create_device(signal_context *library, uint32_t device_id, uint32_t pre_keys)
{
    struct device *device = allocated(1, sizeof *device);
    device->library = library;
    device->stores.device_id = device_id;
    must(signal_protocol_store_context_create(&device->context, library), "stores");
    must(attach_stores(device->context, &device->stores), "attach stores");
    create_identity(device);
    create_pre_keys(device, pre_keys);
    session_signed_pre_key *key = signed_pre_key_of(device);
    must(signal_protocol_signed_pre_key_store_key(device->context, key), "store signed pre-key");
    SIGNAL_UNREF(key);
    return device;
}

void free_device(struct device *device)
{
    signal_protocol_store_context_destroy(device->context);
    SIGNAL_UNREF(device->identity);
    free_stores(&device->stores);
    free(device);
}

static void copy_exactly(uint8_t *target, size_t size, const uint8_t *data, size_t length)
{
    must(length == size ? SG_SUCCESS : SG_ERR_INVAL, "length of a part of the bundle");
    memcpy(target, data, length);
}

/* Takes the buffer over. */
static void take_key(uint8_t target[KEY_BYTES], signal_buffer *key)
{
    must(key == NULL ? SG_ERR_NOMEM : SG_SUCCESS, "public key");
    copy_exactly(target, KEY_BYTES, signal_buffer_const_data(key), signal_buffer_len(key));
    signal_buffer_free(key);
}

struct bundle bundle_of(struct device *device, uint32_t pre_key_id)
{
    struct bundle bundle = {device->stores.device_id, pre_key_id, SIGNED_PRE_KEY_ID, {0}, {0}, {0}, {0}};
    session_pre_key *pre_key = NULL;
    session_signed_pre_key *signed_key = NULL;
    must(signal_protocol_pre_key_load_key(device->context, &pre_key, pre_key_id), "load pre-key");
    must(signal_protocol_signed_pre_key_load_key(device->context, &signed_key, SIGNED_PRE_KEY_ID), "load signed pre-key");
    take_key(bundle.identity_key, ec_public_key_get_ed(ratchet_identity_key_pair_get_public(device->identity)));
    take_key(bundle.pre_key, ec_public_key_get_mont(ec_key_pair_get_public(session_pre_key_get_key_pair(pre_key))));
    take_key(bundle.signed_pre_key,
             ec_public_key_get_mont(ec_key_pair_get_public(session_signed_pre_key_get_key_pair(signed_key))));
    copy_exactly(bundle.signature, SIGNATURE_BYTES, session_signed_pre_key_get_signature_omemo(signed_key),
                 session_signed_pre_key_get_signature_omemo_len(signed_key));
    SIGNAL_UNREF(pre_key);
    SIGNAL_UNREF(signed_key);
    return bundle;
}

void renew_pre_keys(struct device *device)
{
    signal_protocol_key_helper_pre_key_list_node *keys = NULL;
    must(signal_protocol_key_helper_generate_pre_keys(&keys, 1, 100, device->library), "pre-keys");
    session_signed_pre_key *key = signed_pre_key_of(device);
    SIGNAL_UNREF(key);
    signal_protocol_key_helper_key_list_free(keys);
}
