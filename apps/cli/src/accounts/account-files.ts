import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PolicyName } from '@omemo-kit/omemo-core';
import { CliError } from '../cli-error.ts';
import { dataDirectory, type Surroundings } from '../storage/data-directory.ts';
import { makePrivateDirectory, makePrivateFile } from '../storage/private-file.ts';
import { storeTrouble } from '../storage/store-trouble.ts';
import type { Account } from './account.ts';

export const policyNames: readonly PolicyName[] = ['manual', 'trust-on-first-use', 'blind-trust-before-verification'];

/** What is kept of each account: a directory for this user alone, with `account.json` and the records of its device. */
export class AccountFiles {
  readonly #directory: string;

  constructor(surroundings: Surroundings) {
    this.#directory = join(dataDirectory(surroundings), 'accounts');
  }

  /** The JIDs of all accounts. */
  async list(): Promise<readonly string[]> {
    const names = await readdir(this.#directory).catch((error) => {
      if (isMissing(error)) return [];
      throw storeTrouble(error, this.#directory);
    });
    return names.map(decodeURIComponent).sort();
  }

  /** The account; undefined when nobody logged in to it here. @throws CliError `store-unavailable`. */
  async read(jid: string): Promise<Account | undefined> {
    const file = this.#file(jid);
    try {
      return accountIn(JSON.parse(await readFile(file, 'utf8')), file);
    } catch (error) {
      if (isMissing(error)) return undefined;
      if (error instanceof SyntaxError) throw damaged(file);
      throw storeTrouble(error, file);
    }
  }

  /** Writes the account in place of what was there: all of it or nothing. */
  async write(account: Account): Promise<void> {
    const file = this.#file(account.jid);
    try {
      await this.prepare(account.jid);
      const draft = `${file}.new`;
      await makePrivateFile(draft, 'kept');
      await writeFile(draft, `${JSON.stringify(account, undefined, 2)}\n`);
      await rename(draft, file);
    } catch (error) {
      throw storeTrouble(error, file);
    }
  }

  /** The SQLite file of the account's records; its directory is there after `prepare`. */
  recordsOf(jid: string): string {
    return join(this.#folder(jid), 'records.sqlite');
  }

  async prepare(jid: string): Promise<void> {
    try {
      await makePrivateDirectory(this.#folder(jid));
      await makePrivateFile(this.recordsOf(jid), 'kept');
    } catch (error) {
      throw storeTrouble(error, this.#folder(jid));
    }
  }

  /** Forgets the account with all its records. */
  async remove(jid: string): Promise<void> {
    await rm(this.#folder(jid), { recursive: true, force: true });
  }

  #folder(jid: string): string {
    return join(this.#directory, encodeURIComponent(jid));
  }

  #file(jid: string): string {
    return join(this.#folder(jid), 'account.json');
  }
}

function accountIn(value: unknown, file: string): Account {
  if (typeof value !== 'object' || value === null) throw damaged(file);
  const { jid, service, policy, password } = value as Record<string, unknown>;
  const known = policyNames.find((name) => name === policy);
  const isOptionalText = (text: unknown): text is string | undefined => text === undefined || typeof text === 'string';
  if (typeof jid !== 'string' || known === undefined || !isOptionalText(service) || !isOptionalText(password)) {
    throw damaged(file);
  }
  return {
    jid,
    policy: known,
    ...(service === undefined ? {} : { service }),
    ...(password === undefined ? {} : { password }),
  };
}

function damaged(file: string): CliError {
  return new CliError('store-unavailable', `${file} is not what login wrote`, {
    hint: 'omemo-kit login writes it anew and keeps the device',
  });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
