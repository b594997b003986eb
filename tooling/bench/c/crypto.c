/* HMAC_CTX is deprecated since OpenSSL 3.0, and twice as fast as what is to replace it: the peer is to be as fast as it can be. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

static EVP_MD *sha256;
static EVP_MD *sha512;
static EVP_CIPHER *aes_256_cbc;

void require(int holds, const char *what) {
    if (holds) return;
    fprintf(stderr, "libomemo-c: not so: %s\n", what);
    exit(1);
}

static int fill_random(uint8_t *data, size_t length, void *user_data) {
    return RAND_bytes(data, (int)length) == 1 ? 0 : SG_ERR_UNKNOWN;
}

static int hmac_init(void **context, const uint8_t *key, size_t length, void *user_data) {
    HMAC_CTX *hmac = HMAC_CTX_new();
    *context = hmac;
    return HMAC_Init_ex(hmac, key, (int)length, sha256, NULL) == 1 ? 0 : SG_ERR_UNKNOWN;
}

static int hmac_update(void *context, const uint8_t *data, size_t length, void *user_data) {
    return HMAC_Update(context, data, length) == 1 ? 0 : SG_ERR_UNKNOWN;
}

static int hmac_final(void *context, signal_buffer **output, void *user_data) {
    unsigned int length = 32;
    uint8_t tag[32];
    if (HMAC_Final(context, tag, &length) != 1) return SG_ERR_UNKNOWN;
    *output = signal_buffer_create(tag, length);
    return 0;
}

static void hmac_cleanup(void *context, void *user_data) { HMAC_CTX_free(context); }

static int sha512_init(void **context, void *user_data) {
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    *context = digest;
    return EVP_DigestInit_ex(digest, sha512, NULL) == 1 ? 0 : SG_ERR_UNKNOWN;
}

static int sha512_update(void *context, const uint8_t *data, size_t length, void *user_data) {
    return EVP_DigestUpdate(context, data, length) == 1 ? 0 : SG_ERR_UNKNOWN;
}

static int sha512_final(void *context, signal_buffer **output, void *user_data) {
    uint8_t digest[64];
    if (EVP_DigestFinal_ex(context, digest, NULL) != 1) return SG_ERR_UNKNOWN;
    *output = signal_buffer_create(digest, sizeof digest);
    return EVP_DigestInit_ex(context, sha512, NULL) == 1 ? 0 : SG_ERR_UNKNOWN;
}

static void sha512_cleanup(void *context, void *user_data) { EVP_MD_CTX_free(context); }

/* OMEMO has no other cipher than AES-256 in CBC mode with PKCS #7 padding. */
static int aes(int encrypts, signal_buffer **output, const uint8_t *key, const uint8_t *iv, const uint8_t *input, size_t length) {
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    signal_buffer *result = signal_buffer_alloc(length + 16);
    int first = 0, rest = 0;
    int done = EVP_CipherInit_ex2(context, aes_256_cbc, key, iv, encrypts, NULL) == 1 &&
               EVP_CipherUpdate(context, signal_buffer_data(result), &first, input, (int)length) == 1 &&
               EVP_CipherFinal_ex(context, signal_buffer_data(result) + first, &rest) == 1;
    EVP_CIPHER_CTX_free(context);
    if (done) *output = signal_buffer_n_copy(result, (size_t)(first + rest));
    signal_buffer_free(result);
    return done ? 0 : SG_ERR_UNKNOWN;
}

static int aes_encrypt(signal_buffer **output, int cipher, const uint8_t *key, size_t key_length, const uint8_t *iv,
                       size_t iv_length, const uint8_t *plaintext, size_t length, void *user_data) {
    if (cipher != SG_CIPHER_AES_CBC_PKCS5 || key_length != 32 || iv_length != 16) return SG_ERR_INVAL;
    return aes(1, output, key, iv, plaintext, length);
}

static int aes_decrypt(signal_buffer **output, int cipher, const uint8_t *key, size_t key_length, const uint8_t *iv,
                       size_t iv_length, const uint8_t *ciphertext, size_t length, void *user_data) {
    if (cipher != SG_CIPHER_AES_CBC_PKCS5 || key_length != 32 || iv_length != 16) return SG_ERR_INVAL;
    return aes(0, output, key, iv, ciphertext, length);
}

signal_context *create_context(void) {
    static const signal_crypto_provider provider = {
        .random_func = fill_random,
        .hmac_sha256_init_func = hmac_init,
        .hmac_sha256_update_func = hmac_update,
        .hmac_sha256_final_func = hmac_final,
        .hmac_sha256_cleanup_func = hmac_cleanup,
        .sha512_digest_init_func = sha512_init,
        .sha512_digest_update_func = sha512_update,
        .sha512_digest_final_func = sha512_final,
        .sha512_digest_cleanup_func = sha512_cleanup,
        .encrypt_func = aes_encrypt,
        .decrypt_func = aes_decrypt,
    };
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    sha512 = EVP_MD_fetch(NULL, "SHA512", NULL);
    aes_256_cbc = EVP_CIPHER_fetch(NULL, "AES-256-CBC", NULL);
    REQUIRE(sha256 && sha512 && aes_256_cbc);
    signal_context *context;
    REQUIRE(signal_context_create(&context, NULL) == 0);
    REQUIRE(signal_context_set_crypto_provider(context, &provider) == 0);
    return context;
}
