import { afterEach, describe, expect, it } from 'vitest';
import { type Ask, LineProcess } from '../../src/line-process.ts';

// Stand-ins for the peer, written in JavaScript: each behaves in one way, most of them badly. They need no python.
const READY = `const say = (line) => process.stdout.write(JSON.stringify(line) + '\\n');
say({ ready: { hello: 'there' } });`;
const ECHO = `${READY}
let held;
require('node:readline').createInterface({ input: process.stdin }).on('line', (text) => {
  const line = JSON.parse(text);
  if (line.method === 'refuse') {
    const error = { exception: 'NoSession', message: 'none', causes: ['KeyError: 1'] };
    say({ id: line.id, error, effects: [{ type: 'send' }] });
  } else if (line.method === 'sleep') setTimeout(() => say({ id: line.id, result: 'late', effects: [] }), line.params.ms);
  else if (line.method === 'hold') held = line;
  else if (line.method === 'release') for (const { id, params } of [held, line]) say({ id, result: params, effects: [] });
  else if (line.method === 'die') { process.stderr.write('no more'); process.exitCode = 3; process.stdin.destroy(); }
  else if (line.method === 'babble') process.stdout.write('I am not JSON\\n');
  else if (line.method === 'ask') say({ ask: 1, question: 'bundle', device: line.device, of: 'bob@b.example', deviceId: 7 });
  else if ('ask' in line) say({ id: 1, result: line, effects: [] });
  else if (line.method !== 'nothing') say({ id: line.id, result: line.params, effects: [] });
});`;

const started: LineProcess[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((process) => process.close()));
});

async function start(
  script: string,
  options: { timeoutMs?: number; closeGraceMs?: number; answer?: (ask: Ask) => Promise<string | undefined> } = {},
): Promise<LineProcess> {
  const { timeoutMs = 30_000, answer = async () => undefined, ...rest } = options;
  const command = process.execPath;
  const lines = await LineProcess.start({ command, args: ['-e', script], timeoutMs, answer, ...rest });
  started.push(lines);
  return lines;
}

function request(lines: LineProcess, method: string, params: Readonly<Record<string, unknown>> = {}) {
  return lines.request({ method, device: 'd', params });
}

describe('start', () => {
  it('keeps what the process says of itself', async () => {
    expect((await start(ECHO)).ready).toEqual({ hello: 'there' });
  });

  it('tells a command that is not there', async () => {
    const options = { command: '/nowhere/python3', args: [], timeoutMs: 20_000, answer: async () => undefined };
    await expect(LineProcess.start(options)).rejects.toMatchObject({ code: 'peer-unavailable' });
  });

  it('tells a process that ends before it is ready, with what it wrote to standard error', async () => {
    const ending = start(`process.stderr.write('no module named twomemo'); process.exitCode = 1`);
    await expect(ending).rejects.toMatchObject({
      code: 'peer-unavailable',
      message: expect.stringContaining('no module named twomemo'),
      cause: { code: 'peer-exited', details: { exitCode: 1 } },
    });
  });

  it('tells a process that never gets ready, and ends it', async () => {
    const silent = start('setInterval(() => {}, 1000)', { timeoutMs: 300, closeGraceMs: 10 });
    await expect(silent).rejects.toMatchObject({ code: 'peer-unavailable', cause: { code: 'peer-timeout' } });
  });

  it('tells a process that speaks something else', async () => {
    const other = start(`console.log('Python 3'); setInterval(() => {}, 1000)`);
    await expect(other).rejects.toMatchObject({ code: 'peer-unavailable', cause: { code: 'peer-protocol' } });
  });
});

describe('request', () => {
  it('resolves with the answer of its own request, whatever the order', async () => {
    const lines = await start(ECHO);
    const slow = request(lines, 'sleep', { ms: 50 });
    const quick = request(lines, 'echo', { text: 'ä' });
    expect(await quick).toMatchObject({ result: { text: 'ä' } });
    expect(await slow).toMatchObject({ result: 'late' });
  });

  it('rejects with what the peer raised and what it had written before', async () => {
    await expect(request(await start(ECHO), 'refuse')).rejects.toMatchObject({
      name: 'InteropError',
      code: 'peer-refused',
      details: { method: 'refuse', exception: 'NoSession', causes: ['KeyError: 1'], effects: [{ type: 'send' }] },
    });
  });

  it('rejects when no answer comes in time, and drops the late one', async () => {
    const lines = await start(ECHO);
    const late = lines.request({ method: 'hold', device: 'd', params: { text: 'late' }, timeoutMs: 50 });
    await expect(late).rejects.toMatchObject({ code: 'peer-timeout', details: { method: 'hold' } });
    expect(await request(lines, 'release', { text: 'after it' })).toMatchObject({ result: { text: 'after it' } });
  });

  it('rejects all that wait when the process ends, and all that come after', async () => {
    const lines = await start(ECHO);
    const waiting = request(lines, 'nothing');
    const last = request(lines, 'die');
    const exited = { code: 'peer-exited', details: { exitCode: 3, stderr: 'no more' } };
    await expect(waiting).rejects.toMatchObject(exited);
    await expect(last).rejects.toMatchObject(exited);
    await expect(request(lines, 'echo')).rejects.toMatchObject(exited);
  });

  it('rejects when the process is killed', async () => {
    const lines = await start(ECHO);
    const waiting = request(lines, 'nothing');
    process.kill(lines.pid!, 'SIGKILL');
    await expect(waiting).rejects.toMatchObject({ code: 'peer-exited', details: { signal: 'SIGKILL' } });
  });

  it('rejects and ends a process that breaks the protocol', async () => {
    const lines = await start(ECHO);
    await expect(request(lines, 'babble')).rejects.toMatchObject({ code: 'peer-protocol' });
    await expect(request(lines, 'echo')).rejects.toMatchObject({ code: 'peer-protocol' });
  });
});

describe('ask', () => {
  it.each([
    ['what was found', async () => '<bundle/>', { ask: 1, xml: '<bundle/>' }],
    ['nothing', async () => undefined, { ask: 1, xml: null }],
    ['a failure', () => Promise.reject(new TypeError('disconnected')), { ask: 1, failure: 'disconnected' }],
  ])('is answered with %s', async (_, answer, expected) => {
    const asked: Ask[] = [];
    const lines = await start(ECHO, {
      answer: (ask) => {
        asked.push(ask);
        return answer();
      },
    });
    expect((await request(lines, 'ask')).result).toEqual(expected);
    expect(asked).toMatchObject([{ question: 'bundle', device: 'd', of: 'bob@b.example', deviceId: 7 }]);
  });
});

describe('close', () => {
  it('rejects what waits and what comes after, and can be said twice', async () => {
    const lines = await start(ECHO);
    const waiting = expect(request(lines, 'nothing')).rejects.toMatchObject({ code: 'peer-closed' });
    await lines.close();
    await waiting;
    await expect(request(lines, 'echo')).rejects.toMatchObject({ code: 'peer-closed' });
    await lines.close();
  });

  it('kills a process that does not end by itself', async () => {
    const lines = await start(`${READY} setInterval(() => {}, 1000)`, { closeGraceMs: 10 });
    await lines.close();
    expect(() => process.kill(lines.pid!, 0)).toThrow(expect.objectContaining({ code: 'ESRCH' }));
  });

  it('is what the end of an `await using` block says', async () => {
    let waiting: Promise<void>;
    {
      await using lines = await start(ECHO);
      waiting = expect(request(lines, 'nothing')).rejects.toMatchObject({ code: 'peer-closed' });
    }
    await waiting;
  });
});
