#include "session.h"

#include <protocol.h>
#include <session_builder.h>

#include "crypto.h"

void open_session(struct session *session, struct device *own, int other_id) {
    session->address = (signal_protocol_address){.name = "peer", .name_len = 4, .device_id = other_id};
    session->context = own->context;
    REQUIRE(session_cipher_create(&session->cipher, own->stores, &session->address, own->context) == 0);
    session_cipher_set_version(session->cipher, CIPHERTEXT_OMEMO_VERSION);
}

void close_session(struct session *session) { session_cipher_free(session->cipher); }

void make_bundle(struct bundle *bundle, struct device *device) {
    bundle->identity_key = ec_public_key_get_ed(ratchet_identity_key_pair_get_public(device->identity));
    bundle->signed_pre_key =
        ec_public_key_get_mont(ec_key_pair_get_public(session_signed_pre_key_get_key_pair(device->signed_pre_key)));
    bundle->signature = signal_buffer_create(session_signed_pre_key_get_signature_omemo(device->signed_pre_key),
                                             session_signed_pre_key_get_signature_omemo_len(device->signed_pre_key));
    bundle->pre_key = ec_public_key_get_mont(ec_key_pair_get_public(session_pre_key_get_key_pair(device->pre_key)));
}

void free_bundle(struct bundle *bundle) {
    signal_buffer_free(bundle->identity_key);
    signal_buffer_free(bundle->signed_pre_key);
    signal_buffer_free(bundle->signature);
    signal_buffer_free(bundle->pre_key);
}

static ec_public_key *decoded(int (*decode)(ec_public_key **, const uint8_t *, size_t, signal_context *), signal_buffer *bytes,
                              signal_context *context) {
    ec_public_key *key;
    REQUIRE(decode(&key, signal_buffer_const_data(bytes), signal_buffer_len(bytes), context) == 0);
    return key;
}

signal_buffer *begin(struct session *session, struct device *own, int other_id, const struct bundle *bundle,
                     const uint8_t *plaintext) {
    ec_public_key *identity = decoded(curve_decode_point_ed, bundle->identity_key, own->context);
    ec_public_key *signed_pre_key = decoded(curve_decode_point_mont, bundle->signed_pre_key, own->context);
    ec_public_key *pre_key = decoded(curve_decode_point_mont, bundle->pre_key, own->context);
    session_pre_key_bundle *its;
    REQUIRE(session_pre_key_bundle_create(&its, 1, other_id, 1, pre_key, 1, signed_pre_key,
                                          signal_buffer_const_data(bundle->signature), signal_buffer_len(bundle->signature),
                                          identity) == 0);
    open_session(session, own, other_id);
    session_builder *builder;
    REQUIRE(session_builder_create(&builder, own->stores, &session->address, own->context) == 0);
    session_builder_set_version(builder, CIPHERTEXT_OMEMO_VERSION);
    REQUIRE(session_builder_process_pre_key_bundle(builder, its) == 0);
    session_builder_free(builder);
    SIGNAL_UNREF(its);
    SIGNAL_UNREF(identity);
    SIGNAL_UNREF(signed_pre_key);
    SIGNAL_UNREF(pre_key);
    return encrypt(session, plaintext);
}

signal_buffer *accept_first(struct session *session, struct device *own, int other_id, signal_buffer *bytes) {
    pre_key_signal_message *message;
    const uint8_t *data = signal_buffer_const_data(bytes);
    REQUIRE(pre_key_signal_message_deserialize_omemo(&message, data, signal_buffer_len(bytes), 1, own->context) == 0);
    open_session(session, own, other_id);
    signal_buffer *plaintext;
    REQUIRE(session_cipher_decrypt_pre_key_signal_message(session->cipher, message, NULL, &plaintext) == 0);
    SIGNAL_UNREF(message);
    return plaintext;
}

signal_buffer *encrypt(struct session *session, const uint8_t *plaintext) {
    ciphertext_message *message;
    REQUIRE(session_cipher_encrypt(session->cipher, plaintext, PLAINTEXT_LENGTH, &message) == 0);
    signal_buffer *bytes = signal_buffer_copy(ciphertext_message_get_serialized(message));
    SIGNAL_UNREF(message);
    return bytes;
}

signal_buffer *decrypt(struct session *session, signal_buffer *bytes) {
    signal_message *message;
    const uint8_t *data = signal_buffer_const_data(bytes);
    REQUIRE(signal_message_deserialize_omemo(&message, data, signal_buffer_len(bytes), session->context) == 0);
    signal_buffer *plaintext;
    REQUIRE(session_cipher_decrypt_signal_message(session->cipher, message, NULL, &plaintext) == 0);
    SIGNAL_UNREF(message);
    return plaintext;
}
