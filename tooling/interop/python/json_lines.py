"""JSON lines on standard input and output, one object a line: what the peers in this folder have in common."""
import asyncio
import json
import re
import sys

LINE_LIMIT = 64 * 1024 * 1024


def writer_of_stdout():
    """A function that writes an object. From now on a stray print goes to standard error, so that it does not look like an answer."""
    out, sys.stdout = sys.stdout, sys.stderr

    def write(line):
        out.write(json.dumps(line) + "\n")
        out.flush()

    return write


async def lines_of_stdin():
    reader = asyncio.StreamReader(limit=LINE_LIMIT)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        yield json.loads(line)


def parameters(request):
    """Of a request, in snake_case."""
    return {re.sub("[A-Z]", lambda letter: "_" + letter[0].lower(), key): value
            for key, value in request.get("params", {}).items()}


def describe(error):
    causes, cause = [], error.__cause__ or error.__context__
    while cause is not None and len(causes) < 10:
        causes.append(f"{type(cause).__name__}: {cause}")
        cause = cause.__cause__ or cause.__context__
    return {"exception": type(error).__name__, "message": str(error), "causes": causes}
