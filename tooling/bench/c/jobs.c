#include "jobs.h"

#include <key_helper.h>
#include <string.h>
#include <time.h>

#include "crypto.h"
#include "session.h"

static uint8_t plaintext[PLAINTEXT_LENGTH] = "a key of thirty-two bytes, and a tag of sixteen";

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static void check(signal_buffer *opened) {
    REQUIRE(signal_buffer_len(opened) == PLAINTEXT_LENGTH);
    REQUIRE(memcmp(signal_buffer_const_data(opened), plaintext, PLAINTEXT_LENGTH) == 0);
    signal_buffer_free(opened);
}

static void *array(int count, size_t size) {
    void *made = calloc((size_t)count, size);
    REQUIRE(made);
    return made;
}

static double initiate(signal_context *context, int units) {
    struct device *sender = create_device(context), *recipient = create_device(context);
    struct bundle bundle;
    make_bundle(&bundle, recipient);
    struct session *sessions = array(units, sizeof *sessions), other;
    signal_buffer **messages = array(units, sizeof *messages);
    double start = now();
    for (int unit = 0; unit < units; unit++) messages[unit] = begin(&sessions[unit], sender, unit + 1, &bundle, plaintext);
    double spent = now() - start;
    check(accept_first(&other, recipient, 1, messages[units - 1]));
    close_session(&other);
    for (int unit = 0; unit < units; unit++) {
        signal_buffer_free(messages[unit]);
        close_session(&sessions[unit]);
    }
    free(messages);
    free(sessions);
    free_bundle(&bundle);
    destroy_device(sender);
    destroy_device(recipient);
    return spent;
}

static double accept(signal_context *context, int units) {
    struct device *recipient = create_device(context);
    struct bundle bundle;
    make_bundle(&bundle, recipient);
    signal_buffer **messages = array(units, sizeof *messages), **opened = array(units, sizeof *opened);
    struct session *sessions = array(units, sizeof *sessions);
    for (int unit = 0; unit < units; unit++) {
        struct device *sender = create_device(context);
        struct session session;
        messages[unit] = begin(&session, sender, 1, &bundle, plaintext);
        close_session(&session);
        destroy_device(sender);
    }
    double start = now();
    for (int unit = 0; unit < units; unit++) opened[unit] = accept_first(&sessions[unit], recipient, unit + 1, messages[unit]);
    double spent = now() - start;
    for (int unit = 0; unit < units; unit++) {
        check(opened[unit]);
        signal_buffer_free(messages[unit]);
        close_session(&sessions[unit]);
    }
    free(messages);
    free(opened);
    free(sessions);
    free_bundle(&bundle);
    destroy_device(recipient);
    return spent;
}

static double converse(signal_context *context, int units, int alternates) {
    struct device *devices[2] = {create_device(context), create_device(context)};
    struct bundle bundle;
    make_bundle(&bundle, devices[1]);
    struct session ends[2];
    signal_buffer *message = begin(&ends[0], devices[0], 1, &bundle, plaintext);
    check(accept_first(&ends[1], devices[1], 1, message));
    signal_buffer_free(message);
    message = encrypt(&ends[1], plaintext);
    check(decrypt(&ends[0], message));
    signal_buffer_free(message);
    int writer = 0;
    double start = now();
    for (int unit = 0; unit < units; unit++) {
        message = encrypt(&ends[writer], plaintext);
        check(decrypt(&ends[1 - writer], message));
        signal_buffer_free(message);
        if (alternates) writer = 1 - writer;
    }
    double spent = now() - start;
    for (int end = 0; end < 2; end++) {
        close_session(&ends[end]);
        destroy_device(devices[end]);
    }
    free_bundle(&bundle);
    return spent;
}

static double renew_pre_keys(signal_context *context, int units) {
    struct device *device = create_device(context);
    double start = now();
    for (int unit = 0; unit < units; unit++) {
        signal_protocol_key_helper_pre_key_list_node *pre_keys;
        session_signed_pre_key *signed_pre_key;
        REQUIRE(signal_protocol_key_helper_generate_pre_keys(&pre_keys, 1, 100, context) == 0);
        REQUIRE(signal_protocol_key_helper_generate_signed_pre_key(&signed_pre_key, device->identity, 2, 0, context) == 0);
        signal_protocol_key_helper_key_list_free(pre_keys);
        SIGNAL_UNREF(signed_pre_key);
    }
    double spent = now() - start;
    destroy_device(device);
    return spent;
}

double measure(signal_context *context, char job, int units) {
    switch (job) {
    case 'a': return initiate(context, units);
    case 'b': return accept(context, units);
    case 'c': return converse(context, units, 0);
    case 'd': return converse(context, units, 1);
    case 'e': return renew_pre_keys(context, units);
    default: return -1;
    }
}
