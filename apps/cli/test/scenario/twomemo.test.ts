import { describePeer } from '@omemo-kit/interop/vitest';
import { expect, it } from 'vitest';
import { runMain } from '../run-main.ts';
import { temporaryDataDirectory } from '../temporary-directory.ts';

describePeer('twomemo', 'the demo with python-omemo in Bob’s place', () => {
  it('reads the words, refuses strangers, survives the network, and takes a new device in', async () => {
    const words = 'Grüße & <own> words 🍜';
    const { code, out, error } = await runMain(['demo', '--peer', 'twomemo', words], await temporaryDataDirectory());
    expect({ code, error }).toEqual({ code: 0, error: '' });
    const lines = out.split('\n');
    expect(lines).toContainEqual(expect.stringMatching(/^Bob runs python-omemo \d+\.\d+\.\d+/));
    expect(lines).toContain('Bob’s tablet: refused, StillUndecided');
    expect(lines).toContain(`Bob’s phone shows: ${words}`);
    expect(lines).toContain('Bob’s phone shows: (nothing: it came before)');
    expect(lines).toContain('Alice’s phone shows: It is me: you compared the fingerprint.');
    expect(lines.at(-2)).toMatch(/^ok: 12 messages sent, 11 read, 1 lost, 2 duplicates, .*demo\.sqlite$/);
  });
});
