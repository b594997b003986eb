/* The jobs of the benchmark over libomemo-c. One JSON object a line, as in src/peers/serve.ts:
 *
 *     <- {"ready": {}}
 *     -> {"job":"c","units":100}
 *     <- {"us": 1674.2}                            microseconds for one unit; or {"error": TEXT}
 */
#include "jobs.h"
#include "crypto-provider.h"
#include "must.h"

static signal_context *library;

static void answer(const char *request)
{
    char job;
    uint32_t units;
    if (setjmp(given_up) != 0) {
        printf("{\"error\": \"%s\"}\n", given_up_because);
        return;
    }
    int fields = sscanf(request, " { \"job\" : \"%c\" , \"units\" : %u }", &job, &units);
    must(fields == 2 && units > 0 ? SG_SUCCESS : SG_ERR_INVAL, "the request");
    printf("{\"us\": %.3f}\n", measured(library, job, units));
}

int main(void)
{
    char request[200];
    if (signal_context_create(&library, NULL) < 0 || set_crypto_provider(library) < 0) return 1;
    setvbuf(stdout, NULL, _IOLBF, 0);
    puts("{\"ready\": {}}");
    while (fgets(request, sizeof request, stdin) != NULL) answer(request);
    signal_context_destroy(library);
    return 0;
}
