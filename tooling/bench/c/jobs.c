#include <string.h>
#include <time.h>

#include "jobs.h"
#include "must.h"
#include "session.h"

#define SENDER 1
#define RECIPIENT 2

/* Payload key and tag: no matter which. */
static const uint8_t plaintext[48] = "forty-eight bytes that stand for key and tag";

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static void check_and_free(signal_buffer *opened)
{
    int same = signal_buffer_len(opened) == sizeof plaintext &&
               memcmp(signal_buffer_const_data(opened), plaintext, sizeof plaintext) == 0;
    signal_buffer_free(opened);
    must(same ? SG_SUCCESS : SG_ERR_INVALID_MESSAGE, "another plaintext than was encrypted");
}

static ciphertext_message *first_message(struct session *session, const struct bundle *bundle)
{
    begin_session(session, bundle);
    return encrypt_message(session, plaintext, sizeof plaintext);
}

/* One sender, one device ID of the recipient for each unit, so that each begins a session of its own. */
static double begin(signal_context *library, uint32_t units)
{
    struct device *sender = create_device(library, SENDER, 0), *recipient = create_device(library, RECIPIENT, 1);
    struct session **sessions = allocated(units, sizeof *sessions);
    ciphertext_message **messages = allocated(units, sizeof *messages);
    struct bundle bundle = bundle_of(recipient, 1);
    for (uint32_t unit = 0; unit < units; unit++) sessions[unit] = create_session(sender, RECIPIENT + unit);
    double start = now();
    for (uint32_t unit = 0; unit < units; unit++) messages[unit] = first_message(sessions[unit], &bundle);
    double spent = now() - start;
    struct session *answering = create_session(recipient, SENDER);
    check_and_free(decrypt_message(answering, messages[0]));
    free_session(answering);
    for (uint32_t unit = 0; unit < units; unit++) {
        SIGNAL_UNREF(messages[unit]);
        free_session(sessions[unit]);
    }
    free(messages);
    free(sessions);
    free_device(sender);
    free_device(recipient);
    return spent;
}

/* A sender for each unit, each with a pre-key of its own. */
static double accept(signal_context *library, uint32_t units)
{
    struct device *recipient = create_device(library, 0, units);
    struct session **sessions = allocated(units, sizeof *sessions);
    ciphertext_message **messages = allocated(units, sizeof *messages);
    signal_buffer **opened = allocated(units, sizeof *opened);
    for (uint32_t unit = 0; unit < units; unit++) {
        struct device *sender = create_device(library, unit + 1, 0);
        struct bundle bundle = bundle_of(recipient, unit + 1);
        struct session *sending = create_session(sender, 0);
        messages[unit] = first_message(sending, &bundle);
        sessions[unit] = create_session(recipient, unit + 1);
        free_session(sending);
        free_device(sender);
    }
    double start = now();
    for (uint32_t unit = 0; unit < units; unit++) opened[unit] = decrypt_message(sessions[unit], messages[unit]);
    double spent = now() - start;
    for (uint32_t unit = 0; unit < units; unit++) {
        check_and_free(opened[unit]);
        SIGNAL_UNREF(messages[unit]);
        free_session(sessions[unit]);
    }
    free(opened);
    free(messages);
    free(sessions);
    free_device(recipient);
    return spent;
}

static void pass_on(struct session *writer, struct session *reader)
{
    ciphertext_message *message = encrypt_message(writer, plaintext, sizeof plaintext);
    check_and_free(decrypt_message(reader, message));
    SIGNAL_UNREF(message);
}

/* The pair stays from one request to the next, as in src/peers/compared-jobs.ts. */
static struct session **talking(signal_context *library)
{
    static struct session *pair[2];
    if (pair[1] == NULL) {
        struct device *sender = create_device(library, SENDER, 0), *recipient = create_device(library, RECIPIENT, 1);
        struct bundle bundle = bundle_of(recipient, 1);
        struct session *writer = create_session(sender, RECIPIENT), *reader = create_session(recipient, SENDER);
        begin_session(writer, &bundle);
        pass_on(writer, reader);
        pass_on(reader, writer);
        pair[0] = writer;
        pair[1] = reader;
    }
    return pair;
}

static double converse(signal_context *library, uint32_t units, int alternate)
{
    struct session **pair = talking(library);
    double start = now();
    for (uint32_t unit = 0; unit < units; unit++) {
        int writes = alternate ? (int)(unit % 2) : 0;
        pass_on(pair[writes], pair[1 - writes]);
    }
    return now() - start;
}

static double renew(signal_context *library, uint32_t units)
{
    struct device *device = create_device(library, SENDER, 0);
    double start = now();
    for (uint32_t unit = 0; unit < units; unit++) renew_pre_keys(device);
    double spent = now() - start;
    free_device(device);
    return spent;
}

/* Sessions of one sender, each answered; they stay from one request to the next. */
static double fan_out(signal_context *library, uint32_t units)
{
    static struct session **writers, **readers;
    static struct device *sender;
    static uint32_t made;
    if (made < units) {
        if (sender == NULL) sender = create_device(library, SENDER, 0);
        writers = grown(writers, units, sizeof *writers);
        readers = grown(readers, units, sizeof *readers);
        for (; made < units; made++) {
            struct device *recipient = create_device(library, RECIPIENT + made, 1);
            struct bundle bundle = bundle_of(recipient, 1);
            writers[made] = create_session(sender, RECIPIENT + made);
            readers[made] = create_session(recipient, SENDER);
            begin_session(writers[made], &bundle);
            pass_on(writers[made], readers[made]);
            pass_on(readers[made], writers[made]);
        }
    }
    ciphertext_message **messages = allocated(units, sizeof *messages);
    double start = now();
    for (uint32_t unit = 0; unit < units; unit++)
        messages[unit] = encrypt_message(writers[unit], plaintext, sizeof plaintext);
    double spent = now() - start;
    for (uint32_t unit = 0; unit < units; unit++) {
        check_and_free(decrypt_message(readers[unit], messages[unit]));
        SIGNAL_UNREF(messages[unit]);
    }
    free(messages);
    return spent;
}

static double newest_first(signal_context *library, uint32_t units)
{
    struct session **pair = talking(library);
    ciphertext_message **messages = allocated(units, sizeof *messages);
    signal_buffer **opened = allocated(units, sizeof *opened);
    for (uint32_t unit = 0; unit < units; unit++)
        messages[unit] = encrypt_message(pair[0], plaintext, sizeof plaintext);
    double start = now();
    opened[units - 1] = decrypt_message(pair[1], messages[units - 1]);
    for (uint32_t unit = 0; unit + 1 < units; unit++) opened[unit] = decrypt_message(pair[1], messages[unit]);
    double spent = now() - start;
    for (uint32_t unit = 0; unit < units; unit++) {
        check_and_free(opened[unit]);
        SIGNAL_UNREF(messages[unit]);
    }
    free(opened);
    free(messages);
    return spent;
}

double measured(signal_context *library, char job, uint32_t units)
{
    switch (job) {
    case 'a': return begin(library, units) / units;
    case 'b': return accept(library, units) / units;
    case 'c': return converse(library, units, 0) / units;
    case 'd': return converse(library, units, 1) / units;
    case 'e': return renew(library, units) / units;
    case 'f': return fan_out(library, units) / units;
    case 'g': return newest_first(library, units) / units;
    default: must(SG_ERR_INVAL, "no such job"); return 0;
    }
}
