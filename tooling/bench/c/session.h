#ifndef SESSION_H
#define SESSION_H

#include <protocol.h>
#include <session_cipher.h>

#include "device.h"

/* The half of a session that a device has. */
struct session {
    struct device *device;
    signal_protocol_address other;
    session_cipher *cipher;
};

/* A session that has no state yet, with the device of that number. */
struct session *create_session(struct device *device, uint32_t other_device_id);

void free_session(struct session *session);

/* From a bundle, as it was received, to a session that can encrypt. */
void begin_session(struct session *session, const struct bundle *bundle);

ciphertext_message *encrypt_message(struct session *session, const uint8_t *plaintext, size_t length);

/* Reads the bytes of a message, the first of a session or another. */
signal_buffer *decrypt_message(struct session *session, const ciphertext_message *message);

#endif
