#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include "crypto-provider.h"

/* Looked up once: to look an algorithm up costs more than to run it over a message. */
static EVP_CIPHER *aes;
static EVP_CIPHER_CTX *cipher_context;
static EVP_MAC_CTX *empty_hmac;

static int fill_randomly(uint8_t *data, size_t length, void *user_data)
{
    (void)user_data;
    return RAND_bytes(data, (int)length) == 1 ? SG_SUCCESS : SG_ERR_UNKNOWN;
}

static int begin_hmac(void **context, const uint8_t *key, size_t key_length, void *user_data)
{
    (void)user_data;
    EVP_MAC_CTX *hmac = EVP_MAC_CTX_dup(empty_hmac);
    if (hmac == NULL) return SG_ERR_NOMEM;
    if (EVP_MAC_init(hmac, key, key_length, NULL) != 1) {
        EVP_MAC_CTX_free(hmac);
        return SG_ERR_UNKNOWN;
    }
    *context = hmac;
    return SG_SUCCESS;
}

static int update_hmac(void *context, const uint8_t *data, size_t length, void *user_data)
{
    (void)user_data;
    return EVP_MAC_update(context, data, length) == 1 ? SG_SUCCESS : SG_ERR_UNKNOWN;
}

static int finish_hmac(void *context, signal_buffer **output, void *user_data)
{
    (void)user_data;
    uint8_t mac[32];
    size_t length = 0;
    if (EVP_MAC_final(context, mac, &length, sizeof mac) != 1) return SG_ERR_UNKNOWN;
    *output = signal_buffer_create(mac, length);
    return *output == NULL ? SG_ERR_NOMEM : SG_SUCCESS;
}

static void end_hmac(void *context, void *user_data)
{
    (void)user_data;
    EVP_MAC_CTX_free(context);
}

/* AES-256-CBC with padding, the only cipher of OMEMO 2, in either direction. */
static int run_aes(int encrypts, signal_buffer **output, int cipher, const uint8_t *key, size_t key_length,
                 const uint8_t *iv, size_t iv_length, const uint8_t *input, size_t input_length)
{
    if (cipher != SG_CIPHER_AES_CBC_PKCS5 || key_length != 32 || iv_length != 16) return SG_ERR_INVAL;
    signal_buffer *bytes = signal_buffer_alloc(input_length + 16);
    if (bytes == NULL) return SG_ERR_NOMEM;
    uint8_t *data = signal_buffer_data(bytes);
    int written = 0, rest = 0;
    int done = EVP_CipherInit_ex2(cipher_context, aes, key, iv, encrypts, NULL) == 1 &&
               EVP_CipherUpdate(cipher_context, data, &written, input, (int)input_length) == 1 &&
               EVP_CipherFinal_ex(cipher_context, data + written, &rest) == 1;
    *output = done ? signal_buffer_n_copy(bytes, (size_t)(written + rest)) : NULL;
    signal_buffer_bzero_free(bytes);
    if (!done) return SG_ERR_UNKNOWN;
    return *output == NULL ? SG_ERR_NOMEM : SG_SUCCESS;
}

static int encrypt(signal_buffer **output, int cipher, const uint8_t *key, size_t key_length, const uint8_t *iv,
                   size_t iv_length, const uint8_t *plaintext, size_t length, void *user_data)
{
    (void)user_data;
    return run_aes(1, output, cipher, key, key_length, iv, iv_length, plaintext, length);
}

static int decrypt(signal_buffer **output, int cipher, const uint8_t *key, size_t key_length, const uint8_t *iv,
                   size_t iv_length, const uint8_t *ciphertext, size_t length, void *user_data)
{
    (void)user_data;
    return run_aes(0, output, cipher, key, key_length, iv, iv_length, ciphertext, length);
}

static int look_algorithms_up(void)
{
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    char digest[] = "SHA256";
    OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                               OSSL_PARAM_construct_end()};
    empty_hmac = mac == NULL ? NULL : EVP_MAC_CTX_new(mac);
    EVP_MAC_free(mac);
    aes = EVP_CIPHER_fetch(NULL, "AES-256-CBC", NULL);
    cipher_context = EVP_CIPHER_CTX_new();
    if (empty_hmac == NULL || aes == NULL || cipher_context == NULL) return SG_ERR_UNKNOWN;
    return EVP_MAC_CTX_set_params(empty_hmac, parameters) == 1 ? SG_SUCCESS : SG_ERR_UNKNOWN;
}

int set_crypto_provider(signal_context *context)
{
    /* SHA-512 and AES-CTR are for other parts and older versions of the protocol. */
    static const signal_crypto_provider provider = {
        .random_func = fill_randomly,
        .hmac_sha256_init_func = begin_hmac,
        .hmac_sha256_update_func = update_hmac,
        .hmac_sha256_final_func = finish_hmac,
        .hmac_sha256_cleanup_func = end_hmac,
        .encrypt_func = encrypt,
        .decrypt_func = decrypt,
    };
    int result = look_algorithms_up();
    return result < 0 ? result : signal_context_set_crypto_provider(context, &provider);
}
