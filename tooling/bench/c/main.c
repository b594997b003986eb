/*
 * The jobs of the benchmark over libomemo-c. One JSON object a line, as in src/peers/serve.ts:
 *
 *   <- {"ready": {}}
 *   -> {"job":"c","units":100}
 *   <- {"us": 68.1}                   microseconds for one unit; or {"error": TEXT}
 */
#include <stdio.h>

#include "crypto.h"
#include "jobs.h"

int main(void) {
    signal_context *context = create_context();
    char line[256], job;
    int units;
    printf("{\"ready\": {}}\n");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) != NULL) {
        double us = -1;
        if (sscanf(line, "{\"job\":\"%c\",\"units\":%d}", &job, &units) == 2 && units > 0) us = measure(context, job, units);
        if (us < 0) printf("{\"error\": \"no job of its\"}\n");
        else printf("{\"us\": %.4f}\n", us / units);
        fflush(stdout);
    }
    signal_context_destroy(context);
    return 0;
}
