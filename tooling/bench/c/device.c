#include "device.h"

#include <key_helper.h>
#include <string.h>

#include "crypto.h"

static void keep(struct record *record, const uint8_t *bytes, size_t length) {
    free(record->bytes);
    record->bytes = malloc(length);
    REQUIRE(record->bytes);
    memcpy(record->bytes, bytes, length);
    record->length = length;
}

static void keep_buffer(struct record *record, signal_buffer *buffer) {
    keep(record, signal_buffer_const_data(buffer), signal_buffer_len(buffer));
    signal_buffer_free(buffer);
}

static struct record *session_at(struct device *device, int id) {
    size_t index = (size_t)id;
    if (index >= device->session_count) {
        size_t count = 2 * index + 16;
        device->sessions = realloc(device->sessions, count * sizeof *device->sessions);
        REQUIRE(device->sessions);
        memset(device->sessions + device->session_count, 0, (count - device->session_count) * sizeof *device->sessions);
        device->session_count = count;
    }
    return &device->sessions[index];
}

static int load_session(signal_buffer **record, signal_buffer **user_record, const signal_protocol_address *address, void *device) {
    struct record *found = session_at(device, address->device_id);
    if (found->bytes == NULL) return 0;
    *record = signal_buffer_create(found->bytes, found->length);
    return 1;
}

static int store_session(const signal_protocol_address *address, uint8_t *record, size_t length, uint8_t *user_record,
                         size_t user_length, void *device) {
    keep(session_at(device, address->device_id), record, length);
    return 0;
}

static int contains_session(const signal_protocol_address *address, void *device) {
    return session_at(device, address->device_id)->bytes != NULL;
}

static int load_pre_key(signal_buffer **record, uint32_t id, void *user_data) {
    struct device *device = user_data;
    *record = signal_buffer_create(device->pre_key_record.bytes, device->pre_key_record.length);
    return 0;
}

static int load_signed_pre_key(signal_buffer **record, uint32_t id, void *user_data) {
    struct device *device = user_data;
    *record = signal_buffer_create(device->signed_pre_key_record.bytes, device->signed_pre_key_record.length);
    return 0;
}

static int contains_key(uint32_t id, void *device) { return id == 1; }

static int remove_key(uint32_t id, void *device) { return 0; }

static int get_identity(signal_buffer **public_data, signal_buffer **private_data, void *user_data) {
    struct device *device = user_data;
    REQUIRE(ec_public_key_serialize(public_data, ratchet_identity_key_pair_get_public(device->identity)) == 0);
    REQUIRE(ec_private_key_serialize(private_data, ratchet_identity_key_pair_get_private(device->identity)) == 0);
    return 0;
}

static int get_registration_id(void *device, uint32_t *id) {
    *id = 1;
    return 0;
}

static int save_identity(const signal_protocol_address *address, uint8_t *key, size_t length, void *device) { return 0; }

static int is_trusted(const signal_protocol_address *address, uint8_t *key, size_t length, void *device) { return 1; }

static void set_stores(struct device *device) {
    const signal_protocol_session_store sessions = {
        .load_session_func = load_session,
        .store_session_func = store_session,
        .contains_session_func = contains_session,
        .user_data = device,
    };
    const signal_protocol_pre_key_store pre_keys = {
        .load_pre_key = load_pre_key, .contains_pre_key = contains_key, .remove_pre_key = remove_key, .user_data = device};
    const signal_protocol_signed_pre_key_store signed_pre_keys = {
        .load_signed_pre_key = load_signed_pre_key, .contains_signed_pre_key = contains_key, .user_data = device};
    const signal_protocol_identity_key_store identities = {
        .get_identity_key_pair = get_identity,
        .get_local_registration_id = get_registration_id,
        .save_identity = save_identity,
        .is_trusted_identity = is_trusted,
        .user_data = device,
    };
    REQUIRE(signal_protocol_store_context_set_session_store(device->stores, &sessions) == 0);
    REQUIRE(signal_protocol_store_context_set_pre_key_store(device->stores, &pre_keys) == 0);
    REQUIRE(signal_protocol_store_context_set_signed_pre_key_store(device->stores, &signed_pre_keys) == 0);
    REQUIRE(signal_protocol_store_context_set_identity_key_store(device->stores, &identities) == 0);
}

struct device *create_device(signal_context *context) {
    struct device *device = calloc(1, sizeof *device);
    REQUIRE(device);
    device->context = context;
    REQUIRE(signal_protocol_key_helper_generate_identity_key_pair(&device->identity, context) == 0);
    ec_key_pair *pair;
    REQUIRE(curve_generate_key_pair(context, &pair) == 0);
    REQUIRE(session_pre_key_create(&device->pre_key, 1, pair) == 0);
    SIGNAL_UNREF(pair);
    REQUIRE(signal_protocol_key_helper_generate_signed_pre_key(&device->signed_pre_key, device->identity, 1, 0, context) == 0);
    signal_buffer *buffer;
    REQUIRE(session_pre_key_serialize(&buffer, device->pre_key) == 0);
    keep_buffer(&device->pre_key_record, buffer);
    REQUIRE(session_signed_pre_key_serialize(&buffer, device->signed_pre_key) == 0);
    keep_buffer(&device->signed_pre_key_record, buffer);
    REQUIRE(signal_protocol_store_context_create(&device->stores, context) == 0);
    set_stores(device);
    return device;
}

void destroy_device(struct device *device) {
    signal_protocol_store_context_destroy(device->stores);
    SIGNAL_UNREF(device->identity);
    SIGNAL_UNREF(device->pre_key);
    SIGNAL_UNREF(device->signed_pre_key);
    for (size_t index = 0; index < device->session_count; index++) free(device->sessions[index].bytes);
    free(device->sessions);
    free(device->pre_key_record.bytes);
    free(device->signed_pre_key_record.bytes);
    free(device);
}
