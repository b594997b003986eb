import { isFetchOf, isItemsOf, isPublishTo, type LogEntry, LoopbackServer } from '@omemo-kit/loopback';
import { parse } from 'ltx';
import { beforeEach, describe, expect, it } from 'vitest';
import { BUNDLES, bodiesOf, conditionOf, DEVICES, inboxOf, item, message } from './support.ts';

let server: LoopbackServer;
let alice: ReturnType<LoopbackServer['connect']>;
let inbox: ReturnType<typeof inboxOf>;
const send = async (...bodies: string[]) => {
  for (const body of bodies) await alice.send(message('bob@b.example', body));
  await server.settle();
};

beforeEach(() => {
  server = new LoopbackServer();
  alice = server.connect('alice@a.example/x');
  inbox = inboxOf(server.connect('bob@b.example/x'));
});

describe('messages', () => {
  it('are dropped, by count and after some have passed', async () => {
    const fault = server.faults.drop({ direction: 'to-client', skip: 1, times: 2 });
    await send('1', '2', '3', '4');
    expect(bodiesOf(inbox)).toEqual(['1', '4']);
    expect(fault.hits).toBe(2);
  });

  it('that the server never saw are only handed over', async () => {
    server.faults.drop({ direction: 'to-server', times: 1 });
    expect(await alice.send(message('bob@b.example', '1'))).toBe('handed-over');
    server.faults.hold({ direction: 'to-server', times: 1 });
    expect(await alice.send(message('bob@b.example', '2'))).toBe('handed-over');
    await send('3');
    expect(bodiesOf(inbox)).toEqual(['3']);
    expect(server.archive('bob@b.example')).toHaveLength(1);
    const unacked = server.connect('alice@a.example/y', { acks: 'off' });
    expect(await unacked.send(message('bob@b.example', '4'))).toBe('handed-over');
  });

  it('are held and released in any order, or given up', async () => {
    const hold = server.faults.hold({ direction: 'to-client', jid: 'bob@b.example/x' });
    await send('1', '2', '3', '4');
    expect(inbox).toEqual([]);
    expect(bodiesOf(hold.stanzas)).toEqual(['1', '2', '3', '4']);
    hold.release([2, 0]);
    await server.settle();
    expect(bodiesOf(inbox)).toEqual(['3', '1']);
    hold.discard();
    hold.stop();
    await send('5');
    expect(bodiesOf(inbox)).toEqual(['3', '1', '5']);
  });

  it('change places in pairs', async () => {
    const swap = server.faults.swap({ direction: 'to-client' });
    await send('1', '2', '3', '4', '5');
    expect(bodiesOf(inbox)).toEqual(['2', '1', '4', '3']);
    swap.stop();
    await server.settle();
    expect(bodiesOf(inbox)).toEqual(['2', '1', '4', '3', '5']);
  });

  it('are duplicated', async () => {
    server.faults.duplicate({ direction: 'to-client', times: 1 }, 3);
    await send('1', '2');
    expect(bodiesOf(inbox)).toEqual(['1', '1', '1', '2']);
  });

  it('are tampered with, in place or by another', async () => {
    server.faults.tamper({ direction: 'to-client', times: 1 }, (stanza) => void stanza.attr('from', 'eve@e.example'));
    server.faults.tamper({ direction: 'to-client', times: 1 }, () => message('bob@b.example', 'other'));
    await send('1', '2');
    expect(inbox[0]?.attrs['from']).toBe('eve@e.example');
    expect(bodiesOf(inbox)).toEqual(['1', 'other']);
    expect(
      server.log.filter(({ fault }) => fault === 'tamper').map(({ stanza }) => stanza.getChildText('body')),
    ).toEqual(['1', '2']);
  });

  it('are bounced with a chosen error', async () => {
    const bounced = inboxOf(alice);
    server.faults.fail({ direction: 'to-server' }, { condition: 'policy-violation', type: 'wait', text: 'slow down' });
    await send('1');
    expect(inbox).toEqual([]);
    expect(bounced[0]?.toString()).toContain('<policy-violation');
    expect(bounced[0]?.attrs['from']).toBe('bob@b.example');
  });
});

describe('IQs', () => {
  const fetch = () => conditionOf(alice.transport.fetch({ jid: 'alice@a.example', node: DEVICES }));
  const publish = () => conditionOf(alice.transport.publish({ node: DEVICES, item: item('1') }));

  it('fail with the chosen error before or after the server did the work', async () => {
    const error = { condition: 'internal-server-error', application: { name: 'closed-node', xmlns: 'urn:test' } };
    const before = server.faults.fail({ direction: 'to-server', matches: isPublishTo(DEVICES) }, error);
    expect(await publish()).toBe('internal-server-error+closed-node');
    expect(server.node('alice@a.example', DEVICES)).toBeUndefined();
    before.stop();
    server.faults.fail({ direction: 'to-client' }, error);
    expect(await publish()).toBe('internal-server-error+closed-node');
    expect(server.node('alice@a.example', DEVICES)?.items.size).toBe(1);
  });

  it('time out at once when the question or the answer is lost', async () => {
    server.faults.drop({ direction: 'to-server', times: 1, matches: isPublishTo(DEVICES) });
    expect(await publish()).toBe('timeout');
    expect(server.node('alice@a.example', DEVICES)).toBeUndefined();
    expect(await publish()).toBe('ok');
    server.faults.drop({ direction: 'to-client', times: 1, matches: isItemsOf(DEVICES) });
    expect(await fetch()).toBe('timeout');
    expect(await fetch()).toBe('ok');
  });

  it('wait for their release, and a listener that waits for one does not keep settle from ending', async () => {
    await publish();
    const hold = server.faults.hold({ matches: isFetchOf(DEVICES) });
    const answers: string[] = [];
    alice.onStanza(async (stanza) => {
      if (stanza.getChild('body') !== undefined) answers.push(await fetch());
    });
    const bob = server.connect('bob@b.example/y');
    await bob.send(message('alice@a.example', 'go'));
    await server.settle();
    expect(answers).toEqual([]);
    hold.release();
    await server.settle();
    expect(answers).toEqual(['ok']);
  });

  it('are done twice when duplicated and answered once', async () => {
    const events = inboxOf(alice);
    server.faults.duplicate({ direction: 'to-server' });
    expect(await publish()).toBe('ok');
    await server.settle();
    expect(events).toHaveLength(2);
  });

  it('are told apart by node', async () => {
    server.faults.fail({ direction: 'to-server', matches: isPublishTo(BUNDLES) }, { condition: 'forbidden' });
    expect(await publish()).toBe('ok');
    expect(await conditionOf(alice.transport.publish({ node: BUNDLES, item: item('1') }))).toBe('forbidden');
  });
});

it('lets a stanza meet the first rule that matches and no other', async () => {
  const first = server.faults.duplicate({ direction: 'to-client' });
  const second = server.faults.drop({ direction: 'to-client' });
  await send('1');
  expect([first.hits, second.hits]).toEqual([1, 0]);
  server.faults.clear();
  await send('2');
  expect(bodiesOf(inbox)).toEqual(['1', '1', '2']);
});

it('logs every crossing in order, to watchers too, and empties by length', async () => {
  const seen: LogEntry[] = [];
  const unwatch = server.watch((entry) => void seen.push(entry));
  server.faults.drop({ direction: 'to-client', times: 1 });
  await send('1');
  unwatch();
  await send('2');
  const line = ({ sequence, direction, jid, fault }: LogEntry) => `${sequence} ${direction} ${jid} ${fault ?? '-'}`;
  expect(seen.map(line)).toEqual(['1 to-server alice@a.example/x -', '2 to-client bob@b.example/x drop']);
  expect(server.log.map(line).slice(2)).toEqual(['3 to-server alice@a.example/x -', '4 to-client bob@b.example/x -']);
  server.log.length = 0;
  expect(server.log).toEqual([]);
});

it('runs the same every time', async () => {
  const run = async (): Promise<string> => {
    const own = new LoopbackServer();
    const [a, b] = [own.connect('a@x.example/1'), own.connect('b@x.example/1')];
    own.subscribe('a@x.example', 'b@x.example');
    b.onStanza(async (stanza) => {
      await Promise.resolve();
      if (stanza.attrs['type'] === 'chat') await b.send(message('a@x.example', 'answer', 'normal'));
    });
    own.faults.swap({ direction: 'to-client', jid: 'b@x.example' });
    await Promise.all(['1', '2', '3'].map((body) => a.send(message('b@x.example', body))));
    await a.transport.publish({ node: DEVICES, item: item('1') });
    await own.settle();
    return own.log.map(({ jid, stanza }) => `${jid} ${stanza}`).join('\n');
  };
  expect(await run()).toBe(await run());
});

describe('settle', () => {
  it('waits for the promises of listeners and what they send in turn', async () => {
    const bob = server.connect('bob@b.example/z');
    bob.onStanza(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      await bob.send(message('alice@a.example', 'answer'));
    });
    const answers = inboxOf(alice);
    await send('1');
    expect(bodiesOf(answers)).toEqual(['answer']);
  });

  it('throws what a listener threw', async () => {
    alice.onStanza(() => Promise.reject(new RangeError('listener')));
    const bob = server.connect('bob@b.example/z');
    await bob.send(message('alice@a.example', 'hello'));
    await expect(server.settle()).rejects.toThrow('listener');
    alice.onStanza(() => {
      throw new RangeError('at once');
    });
    await bob.send(parse('<message to="alice@a.example"/>'));
    await expect(server.settle()).rejects.toThrow(RangeError);
  });
});
