#ifndef BENCH_CRYPTO_H
#define BENCH_CRYPTO_H

#include <signal_protocol.h>

/* Ends the process with the expression as its reason, unless it holds: a job that went wrong has no time. */
#define REQUIRE(condition) require((condition) != 0, #condition)
void require(int holds, const char *what);

/* A context of the library whose crypto is OpenSSL's, with its algorithms looked up once. */
signal_context *create_context(void);

#endif
