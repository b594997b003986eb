#include <session_builder.h>

#include "must.h"
#include "session.h"

#define NAME "somebody"

struct session *create_session(struct device *device, uint32_t other_device_id)
{
    struct session *session = allocated(1, sizeof *session);
    session->device = device;
    session->other = (signal_protocol_address){NAME, sizeof NAME - 1, (int32_t)other_device_id};
    must(session_cipher_create(&session->cipher, device->context, &session->other, device->library), "cipher");
    session_cipher_set_version(session->cipher, CIPHERTEXT_OMEMO_VERSION);
    return session;
}

void free_session(struct session *session)
{
    session_cipher_free(session->cipher);
    free(session);
}

static session_pre_key_bundle *parsed(const struct bundle *bundle, signal_context *library)
{
    ec_public_key *identity = NULL, *pre_key = NULL, *signed_key = NULL;
    session_pre_key_bundle *result = NULL;
    must(curve_decode_point_ed(&identity, bundle->identity_key, KEY_BYTES, library), "identity key of the bundle");
    must(curve_decode_point_mont(&pre_key, bundle->pre_key, KEY_BYTES, library), "pre-key of the bundle");
    must(curve_decode_point_mont(&signed_key, bundle->signed_pre_key, KEY_BYTES, library),
         "signed pre-key of the bundle");
    must(session_pre_key_bundle_create(&result, bundle->device_id, (int)bundle->device_id, bundle->pre_key_id, pre_key,
                                       bundle->signed_pre_key_id, signed_key, bundle->signature, SIGNATURE_BYTES,
                                       identity),
         "bundle");
    SIGNAL_UNREF(identity);
    SIGNAL_UNREF(pre_key);
    SIGNAL_UNREF(signed_key);
    return result;
}

void begin_session(struct session *session, const struct bundle *received)
{
    struct device *device = session->device;
    session_pre_key_bundle *bundle = parsed(received, device->library);
    session_builder *builder = NULL;
    must(session_builder_create(&builder, device->context, &session->other, device->library), "builder");
    session_builder_set_version(builder, CIPHERTEXT_OMEMO_VERSION);
    must(session_builder_process_pre_key_bundle(builder, bundle), "begin a session");
    session_builder_free(builder);
    SIGNAL_UNREF(bundle);
}

ciphertext_message *encrypt_message(struct session *session, const uint8_t *plaintext, size_t length)
{
    ciphertext_message *message = NULL;
    must(session_cipher_encrypt(session->cipher, plaintext, length, &message), "encrypt");
    return message;
}

signal_buffer *decrypt_message(struct session *session, const ciphertext_message *message)
{
    signal_context *library = session->device->library;
    const signal_buffer *serialized = ciphertext_message_get_serialized(message);
    const uint8_t *bytes = signal_buffer_const_data(serialized);
    size_t length = signal_buffer_len(serialized);
    signal_buffer *plaintext = NULL;
    if (ciphertext_message_get_type(message) == CIPHERTEXT_PREKEY_TYPE) {
        pre_key_signal_message *first = NULL;
        uint32_t sender = (uint32_t)session->other.device_id;
        must(pre_key_signal_message_deserialize_omemo(&first, bytes, length, sender, library), "parse the first message");
        must(session_cipher_decrypt_pre_key_signal_message(session->cipher, first, NULL, &plaintext),
             "decrypt the first message");
        SIGNAL_UNREF(first);
    } else {
        signal_message *parsed_message = NULL;
        must(signal_message_deserialize_omemo(&parsed_message, bytes, length, library), "parse a message");
        must(session_cipher_decrypt_signal_message(session->cipher, parsed_message, NULL, &plaintext),
             "decrypt a message");
        SIGNAL_UNREF(parsed_message);
    }
    return plaintext;
}
