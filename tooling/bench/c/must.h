#ifndef MUST_H
#define MUST_H

#include <setjmp.h>
#include <stddef.h>

/* Where a request is given up, and what is then answered. */
extern jmp_buf given_up;
extern char given_up_because[200];

/* Gives the request up unless the result is that of something that went well. Not for callbacks: they return an error. */
void must(int result, const char *what);

/* Memory of zeros, or the request is given up. */
void *allocated(size_t count, size_t size);

/* The same memory with room for more, what is new in it unset; or the request is given up. */
void *grown(void *memory, size_t count, size_t size);

#endif
