import { describePeer } from '@omemo-kit/interop/vitest';
import { expect, it } from 'vitest';
import { runMain } from '../run-main.ts';

describePeer('twomemo', 'the demo with python-omemo in Bob’s place', () => {
  it('reads the words, refuses strangers, survives the network, and takes a new device in', async () => {
    const words = 'Grüße & <own> words 🍜';
    const { code, out, error } = await runMain(['demo', '--peer', 'twomemo', words]);
    expect({ code, error }).toEqual({ code: 0, error: '' });
    const lines = out.split('\n');
    expect(lines).toContainEqual(expect.stringMatching(/^Bob runs python-omemo \d+\.\d+\.\d+/));
    expect(lines).toContain('Bob’s tablet: refused, StillUndecided');
    expect(lines).toContain(`Bob’s phone shows: ${words}`);
    expect(lines).toContain('Bob’s phone shows: (nothing: it came before)');
    expect(lines).toContain('Alice’s phone shows: It is me: you compared the fingerprint.');
    expect(lines.at(-2)).toMatch(/^ok: 10 messages sent, 9 read, 1 lost, 1 duplicate/);
  });
});
