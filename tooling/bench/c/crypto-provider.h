#ifndef CRYPTO_PROVIDER_H
#define CRYPTO_PROVIDER_H

#include <signal_protocol.h>

/* Lends the library the random numbers, HMAC-SHA-256 and AES-256-CBC of OpenSSL. The curve is the library's own. */
int set_crypto_provider(signal_context *context);

#endif
