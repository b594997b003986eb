#ifndef JOBS_H
#define JOBS_H

#include <signal_protocol.h>

/* Does a job and checks what came of it. Microseconds for one unit; gives the request up where something is wrong. */
double measured(signal_context *library, char job, uint32_t units);

#endif
