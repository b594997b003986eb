#include <stdio.h>
#include <stdlib.h>

#include "must.h"

jmp_buf given_up;
char given_up_because[200];

void must(int result, const char *what)
{
    if (result >= 0) return;
    snprintf(given_up_because, sizeof given_up_because, "%s: %d", what, result);
    longjmp(given_up, 1);
}

void *allocated(size_t count, size_t size)
{
    void *memory = calloc(count > 0 ? count : 1, size);
    must(memory == NULL ? -1 : 0, "memory");
    return memory;
}

void *grown(void *memory, size_t count, size_t size)
{
    void *larger = realloc(memory, count * size);
    must(larger == NULL ? -1 : 0, "memory");
    return larger;
}
