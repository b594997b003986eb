import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { SqliteStore } from '@omemo-kit/storage-sqlite';
import { storeConformance } from '@omemo-kit/store-conformance';
import { afterAll, describe, expect, test } from 'vitest';
import { EncryptedStore } from '../../src/encrypted-store.ts';
import { batch, list, put, textAt, write } from '../support/batches.ts';
import { codeOf } from '../support/errors.ts';
import { cheap, HEADER, key } from '../support/keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'omemo-kit-encrypted-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fileOf = (place: string): string => join(folder, `${place}.db`);

storeConformance({
  name: 'EncryptedStore over SqliteStore',
  open: async (place) => EncryptedStore.open({ store: await SqliteStore.open({ file: fileOf(place) }), key }),
  openSmall: async (place) => {
    const store = await SqliteStore.open({ file: fileOf(place), maxBytes: 256 * 1024 });
    return EncryptedStore.open({ store, key });
  },
  makeNewer: async (place) => {
    const store = await SqliteStore.open({ file: fileOf(place) });
    const [header] = await store.get([HEADER]);
    await store.commit(batch({ put: [{ key: HEADER, value: header!.value, version: 2 }] }));
    await store.close();
  },
  // What a killed process leaves behind is for the tests of SqliteStore.
  lacks: ['crash'],
});

describe('the files of SQLite', () => {
  const passphrase = 'correct horse battery staple';
  const texts = Array.from({ length: 200 }, (_, i) => `message number ${i}, plainly written`);

  /** Every file of the database, as one text of a character a byte. */
  function files(place: string): { readonly text: string; readonly names: readonly string[] } {
    const names = readdirSync(folder).filter((name) => name.startsWith(`${place}.db`));
    return { text: names.map((name) => readFileSync(join(folder, name), 'latin1')).join('\n'), names };
  }

  test('hold nothing of names, values and passphrases, neither while open nor after', async () => {
    const store = await EncryptedStore.open({
      store: await SqliteStore.open({ file: fileOf('hidden') }),
      passphrase,
      argon2: cheap,
    });
    for (const [i, text] of texts.entries()) await write(store, put(`juliet%40capulet.example/inbox/${i}`, text));
    await store.commit(batch({ remove: ['juliet%40capulet.example/inbox/7'] }));
    await store.changePassphrase({ passphrase: `${passphrase} again`, argon2: cheap });
    const secrets = ['juliet', 'capulet', 'inbox', 'plainly', 'message', 'horse', 'staple'];
    const open = files('hidden');
    expect(open.names).toContain('hidden.db-wal');
    await store.close();
    const closed = files('hidden');
    for (const found of [open, closed]) {
      // It is the right file.
      expect(found.text).toContain(HEADER);
      for (const secret of secrets) expect([secret, found.text.includes(secret)]).toEqual([secret, false]);
    }
    const again = await EncryptedStore.open({
      store: await SqliteStore.open({ file: fileOf('hidden') }),
      passphrase: `${passphrase} again`,
    });
    expect(await textAt(again, 'juliet%40capulet.example/inbox/8')).toBe(texts[8]);
    expect(await list(again, 'juliet%40capulet.example/inbox')).toHaveLength(199);
    await again.close();
  });

  test('would show them without encryption: the search finds what is there', async () => {
    const store = await SqliteStore.open({ file: fileOf('plain') });
    await write(store, put('juliet%40capulet.example/inbox/1', texts[1]));
    for (const secret of ['juliet', 'inbox', 'plainly']) expect(files('plain').text).toContain(secret);
    expect(await codeOf(EncryptedStore.open({ store, key }))).toBe('corrupt');
    await store.close();
  });

  test('are made and counted on by three processes at once', async () => {
    const script = fileURLToPath(new URL('../support/count-in-process.ts', import.meta.url));
    const run = promisify(execFile);
    await Promise.all(
      Array.from({ length: 3 }, () =>
        run(process.execPath, [
          '--conditions=@omemo-kit/source',
          '--no-warnings',
          script,
          fileOf('counted'),
          passphrase,
          '25',
        ]),
      ),
    );
    const store = await EncryptedStore.open({ store: await SqliteStore.open({ file: fileOf('counted') }), passphrase });
    const [record] = await store.get(['alice/counter']);
    expect(record?.value[0]).toBe(75);
    await store.close();
  });
});
