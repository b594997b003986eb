import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Account } from '../../src/accounts/account.ts';
import { AccountFiles } from '../../src/accounts/account-files.ts';
import { chooseAccount } from '../../src/accounts/choose-account.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const alice: Account = {
  jid: 'alice@example.org',
  policy: 'manual',
  password: 'se"cret\n',
  service: 'xmpp://[::1]:5222',
};
const bob: Account = { jid: 'b/o%b@example.org', policy: 'trust-on-first-use' };

async function files() {
  const home = await temporaryDirectory();
  return { home, files: new AccountFiles({ platform: 'linux', env: {}, home }) };
}

test('accounts are kept whole, each in a directory for this user alone', async () => {
  const { home, files: accounts } = await files();
  expect(await accounts.list()).toEqual([]);
  await accounts.write(alice);
  await accounts.write(bob);
  await accounts.write({ ...alice, policy: 'blind-trust-before-verification' });
  expect(await accounts.list()).toEqual([alice.jid, bob.jid]);
  expect(await accounts.read(alice.jid)).toEqual({ ...alice, policy: 'blind-trust-before-verification' });
  expect(await accounts.read(bob.jid)).toEqual(bob);
  const folder = join(home, '.local/share/omemo-kit/accounts/alice%40example.org');
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  for (const file of ['account.json', 'records.sqlite']) {
    expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
  }
});

test.each([
  '',
  '{',
  'null',
  '{"jid":"alice@example.org"}',
  '{"jid":"a@b","policy":"none"}',
  '{"jid":1,"policy":"manual"}',
])('a file that login did not write is told as such: %j', async (text) => {
  const { files: accounts } = await files();
  await accounts.write(alice);
  const file = join(accounts.recordsOf(alice.jid), '..', 'account.json');
  await writeFile(file, text);
  await expect(accounts.read(alice.jid)).rejects.toMatchObject({ code: 'store-unavailable' });
  expect(await readFile(file, 'utf8')).toBe(text);
});

test('the only account need not be named, one of several must', async () => {
  const { files: accounts } = await files();
  await expect(chooseAccount(accounts, undefined)).rejects.toMatchObject({ code: 'no-account' });
  await accounts.write(alice);
  expect(await chooseAccount(accounts, undefined)).toEqual(alice);
  await accounts.write(bob);
  await expect(chooseAccount(accounts, undefined)).rejects.toMatchObject({
    code: 'no-account',
    message: expect.stringContaining(bob.jid),
  });
  expect(await chooseAccount(accounts, bob.jid)).toEqual(bob);
  await expect(chooseAccount(accounts, 'carol@example.org')).rejects.toMatchObject({ code: 'no-account' });
});

test('a forgotten account leaves nothing', async () => {
  const { files: accounts } = await files();
  await accounts.write(alice);
  await accounts.remove(alice.jid);
  expect([await accounts.list(), await accounts.read(alice.jid)]).toEqual([[], undefined]);
});
