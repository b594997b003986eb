import type { Implementation } from './implementation.ts';

/** The part of Olm that is used here. */
interface OlmSession {
  create_outbound(account: OlmAccount, identityKey: string, oneTimeKey: string): void;
  create_inbound(account: OlmAccount, body: string): void;
  encrypt(plaintext: string): OlmMessage;
  decrypt(type: number, body: string): string;
}
interface OlmAccount {
  create(): void;
  identity_keys(): string;
  generate_one_time_keys(count: number): void;
  one_time_keys(): string;
  sign(message: string): string;
}
interface OlmMessage {
  readonly type: number;
  readonly body: string;
}
interface Olm {
  init(): Promise<void>;
  readonly Account: new () => OlmAccount;
  readonly Session: new () => OlmSession;
}

interface OlmBundle {
  readonly identityKey: string;
  readonly oneTimeKey: string;
}

/** Olm in WebAssembly. Its sessions stay there; plaintexts are text, so the 48 bytes go as Base64. */
export async function load(module: unknown): Promise<Implementation<OlmAccount, OlmBundle, OlmSession, OlmMessage>> {
  const olm = module as Olm;
  await olm.init();
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const bytes = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));
  return {
    async createDevice(preKeys) {
      const account = new olm.Account();
      account.create();
      account.generate_one_time_keys(preKeys);
      return account;
    },
    async bundleOf(account) {
      const { curve25519: identityKey } = JSON.parse(account.identity_keys());
      const [oneTimeKey] = Object.values(JSON.parse(account.one_time_keys()).curve25519) as string[];
      return { identityKey, oneTimeKey: oneTimeKey ?? '' };
    },
    async begin(account, { identityKey, oneTimeKey }, plaintext) {
      const session = new olm.Session();
      session.create_outbound(account, identityKey, oneTimeKey);
      return { session, message: session.encrypt(text(plaintext)) };
    },
    async accept(account, { type, body }) {
      const session = new olm.Session();
      session.create_inbound(account, body);
      return { session, plaintext: bytes(session.decrypt(type, body)) };
    },
    encrypt: async (session, plaintext) => session.encrypt(text(plaintext)),
    decrypt: async (session, { type, body }) => bytes(session.decrypt(type, body)),
    async renewPreKeys(account) {
      account.generate_one_time_keys(100);
      account.sign(account.one_time_keys());
    },
  };
}
