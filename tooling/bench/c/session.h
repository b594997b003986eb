#ifndef BENCH_SESSION_H
#define BENCH_SESSION_H

#include <session_cipher.h>

#include "device.h"

/* What a message carries: the payload key and the tag of the payload. */
#define PLAINTEXT_LENGTH 48

/* A device's end of a session with another one. The library loads and stores its record with each message. */
struct session {
    signal_protocol_address address;
    session_cipher *cipher;
    signal_context *context;
};

/* A bundle as it comes from the network: bytes. */
struct bundle {
    signal_buffer *identity_key;
    signal_buffer *signed_pre_key;
    signal_buffer *signature;
    signal_buffer *pre_key;
};

void open_session(struct session *session, struct device *own, int other_id);
void close_session(struct session *session);

void make_bundle(struct bundle *bundle, struct device *device);
void free_bundle(struct bundle *bundle);

/* From the bundle of the device with this id to the first message for it. */
signal_buffer *begin(struct session *session, struct device *own, int other_id, const struct bundle *bundle, const uint8_t *plaintext);
/* From the first message to its plaintext. */
signal_buffer *accept_first(struct session *session, struct device *own, int other_id, signal_buffer *message);

signal_buffer *encrypt(struct session *session, const uint8_t *plaintext);
signal_buffer *decrypt(struct session *session, signal_buffer *message);

#endif
