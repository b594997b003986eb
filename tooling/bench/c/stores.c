#include "stores.h"

static signal_buffer *found(const struct records *records, uint32_t number)
{
    return number < records->length ? records->at[number] : NULL;
}

static int put(struct records *records, uint32_t number, signal_buffer *record)
{
    if (number >= records->length) {
        uint32_t length = 2 * number + 1;
        signal_buffer **at = realloc(records->at, length * sizeof *at);
        if (at == NULL) return SG_ERR_NOMEM;
        for (uint32_t index = records->length; index < length; index++) at[index] = NULL;
        *records = (struct records){at, length};
    }
    signal_buffer_bzero_free(records->at[number]);
    records->at[number] = record;
    return SG_SUCCESS;
}

static int put_copy(struct records *records, uint32_t number, const uint8_t *data, size_t length)
{
    signal_buffer *record = signal_buffer_create(data, length);
    return record == NULL ? SG_ERR_NOMEM : put(records, number, record);
}

static int load_session(signal_buffer **record, signal_buffer **user_record, const signal_protocol_address *address,
                        void *stores)
{
    (void)user_record;
    signal_buffer *session = found(&((struct stores *)stores)->sessions, (uint32_t)address->device_id);
    if (session == NULL) return 0;
    *record = signal_buffer_copy(session);
    return *record == NULL ? SG_ERR_NOMEM : 1;
}

static int contains_session(const signal_protocol_address *address, void *stores)
{
    return found(&((struct stores *)stores)->sessions, (uint32_t)address->device_id) != NULL;
}

static int store_session(const signal_protocol_address *address, uint8_t *record, size_t length, uint8_t *user_record,
                         size_t user_length, void *stores)
{
    (void)user_record;
    (void)user_length;
    return put_copy(&((struct stores *)stores)->sessions, (uint32_t)address->device_id, record, length);
}

/* Pre-keys and signed ones are kept in the same way, each in records of their own. */
static int load_key(signal_buffer **record, uint32_t id, void *records)
{
    signal_buffer *key = found(records, id);
    if (key == NULL) return SG_ERR_INVALID_KEY_ID;
    *record = signal_buffer_copy(key);
    return *record == NULL ? SG_ERR_NOMEM : SG_SUCCESS;
}

static int contains_key(uint32_t id, void *records)
{
    return found(records, id) != NULL;
}

static int store_key(uint32_t id, uint8_t *record, size_t length, void *records)
{
    return put_copy(records, id, record, length);
}

static int remove_key(uint32_t id, void *records)
{
    return put(records, id, NULL);
}

static int load_identity(signal_buffer **public_data, signal_buffer **private_data, void *user_data)
{
    const struct stores *stores = user_data;
    *public_data = signal_buffer_copy(stores->identity_public);
    *private_data = signal_buffer_copy(stores->identity_private);
    return *public_data == NULL || *private_data == NULL ? SG_ERR_NOMEM : SG_SUCCESS;
}

static int load_registration_id(void *stores, uint32_t *registration_id)
{
    *registration_id = ((struct stores *)stores)->device_id;
    return SG_SUCCESS;
}

/* Trust is not measured: nobody is noted, everybody is trusted. */
static int note_identity(const signal_protocol_address *address, uint8_t *key, size_t length, void *stores)
{
    (void)address, (void)key, (void)length, (void)stores;
    return SG_SUCCESS;
}

static int trusts_identity(const signal_protocol_address *address, uint8_t *key, size_t length, void *stores)
{
    (void)address, (void)key, (void)length, (void)stores;
    return 1;
}

int attach_stores(signal_protocol_store_context *context, struct stores *stores)
{
    const signal_protocol_session_store sessions = {.load_session_func = load_session,
                                                    .store_session_func = store_session,
                                                    .contains_session_func = contains_session,
                                                    .user_data = stores};
    const signal_protocol_pre_key_store pre_keys = {load_key,   store_key, contains_key,
                                                    remove_key, NULL,      &stores->pre_keys};
    const signal_protocol_signed_pre_key_store signed_pre_keys = {load_key,   store_key, contains_key,
                                                                  remove_key, NULL,      &stores->signed_pre_keys};
    const signal_protocol_identity_key_store identities = {
        load_identity, load_registration_id, note_identity, trusts_identity, NULL, stores};
    int failures = signal_protocol_store_context_set_session_store(context, &sessions) < 0;
    failures += signal_protocol_store_context_set_pre_key_store(context, &pre_keys) < 0;
    failures += signal_protocol_store_context_set_signed_pre_key_store(context, &signed_pre_keys) < 0;
    failures += signal_protocol_store_context_set_identity_key_store(context, &identities) < 0;
    return failures == 0 ? SG_SUCCESS : SG_ERR_UNKNOWN;
}

static void free_records(struct records *records)
{
    for (uint32_t index = 0; index < records->length; index++) signal_buffer_bzero_free(records->at[index]);
    free(records->at);
}

void free_stores(struct stores *stores)
{
    free_records(&stores->sessions);
    free_records(&stores->pre_keys);
    free_records(&stores->signed_pre_keys);
    signal_buffer_free(stores->identity_public);
    signal_buffer_bzero_free(stores->identity_private);
}
