import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Implementation } from './implementation.ts';
import { load as loadLibsignalClient } from './libsignal-client.ts';
import { load as loadOlm } from './olm.ts';
import { load as loadPrivacyresearch } from './privacyresearch.ts';
import { serve } from './serve.ts';
import { load as loadTwoKeyRatchet } from './two-key-ratchet.ts';

const [, , adapter = '', packageName = '', folder = ''] = process.argv;
const installed = createRequire(`${folder}/`).resolve(packageName);
const module: { default?: unknown } = await import(pathToFileURL(installed).href);
// libsignal-client has names of its own, the others are CommonJS.
const adapters: Readonly<Record<string, () => Promise<Implementation>>> = {
  'libsignal-client.ts': () => loadLibsignalClient(module),
  'olm.ts': () => loadOlm(module.default),
  'privacyresearch.ts': () => loadPrivacyresearch(module.default),
  'two-key-ratchet.ts': () => loadTwoKeyRatchet(module.default),
};
const load = adapters[adapter];
if (load === undefined) throw new TypeError(`there is no adapter ${adapter}`);
await serve(await load());
