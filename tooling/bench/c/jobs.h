#ifndef BENCH_JOBS_H
#define BENCH_JOBS_H

#include <signal_protocol.h>

/* Microseconds for so many units of the job; negative for one that is not known. */
double measure(signal_context *context, char job, int units);

#endif
